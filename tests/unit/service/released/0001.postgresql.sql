CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.attempts (
    id bigint NOT NULL,
    job_id character varying(32) NOT NULL,
    number integer NOT NULL,
    submission_id character varying(64) NOT NULL,
    state character varying(16) NOT NULL,
    cause character varying(32),
    reason text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    started_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    first_step integer,
    first_step_at timestamp with time zone,
    stop_requested_at timestamp with time zone,
    ended_at timestamp with time zone
);
CREATE SEQUENCE public.attempts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.attempts_id_seq OWNED BY public.attempts.id;
CREATE TABLE public.events (
    id bigint NOT NULL,
    job_id character varying(32) NOT NULL,
    at timestamp with time zone NOT NULL,
    from_state character varying(16),
    to_state character varying(16) NOT NULL,
    cause text NOT NULL,
    actor character varying(32) NOT NULL,
    attempt integer
);
CREATE SEQUENCE public.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.events_id_seq OWNED BY public.events.id;
CREATE TABLE public.jobs (
    seq bigint NOT NULL,
    id character varying(32) NOT NULL,
    kind character varying(16) NOT NULL,
    name character varying(100) NOT NULL,
    project character varying(100) NOT NULL,
    tags jsonb NOT NULL,
    priority integer NOT NULL,
    spec jsonb NOT NULL,
    cpus double precision NOT NULL,
    gpus double precision NOT NULL,
    max_attempts integer NOT NULL,
    state character varying(16) NOT NULL,
    reason text NOT NULL,
    cause character varying(32),
    cancel_requested_at timestamp with time zone,
    phase character varying(16),
    step integer NOT NULL,
    num_steps integer NOT NULL,
    eta_s double precision,
    metrics jsonb NOT NULL,
    attempt integer NOT NULL,
    mlflow_run_id character varying(64),
    mlflow_experiment_id character varying(64),
    idempotency_key character varying(255),
    body_hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone
);
CREATE SEQUENCE public.jobs_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.jobs_seq_seq OWNED BY public.jobs.seq;
CREATE TABLE public.leases (
    name character varying(32) NOT NULL,
    holder character varying(128) NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.trials (
    job_id character varying(32) NOT NULL,
    number integer NOT NULL,
    state character varying(16) NOT NULL,
    parameters jsonb NOT NULL,
    metrics jsonb NOT NULL,
    objective double precision,
    step integer NOT NULL,
    mlflow_run_id character varying(64),
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    reason text NOT NULL
);
ALTER TABLE ONLY public.attempts ALTER COLUMN id SET DEFAULT nextval('public.attempts_id_seq'::regclass);
ALTER TABLE ONLY public.events ALTER COLUMN id SET DEFAULT nextval('public.events_id_seq'::regclass);
ALTER TABLE ONLY public.jobs ALTER COLUMN seq SET DEFAULT nextval('public.jobs_seq_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.attempts VALUES (1, 'job-b3tzn5mqla', 1, 'job-b3tzn5mqla-1', 'succeeded', NULL, 'finished 100 steps with 42.5 AP', '2026-11-23 00:50:13.260705+00', '2026-11-23 00:50:13.562925+00', '2026-11-23 00:50:14.341741+00', '2026-11-23 00:50:14.180608+00', 40, '2026-11-23 00:50:14.34157+00', NULL, '2026-11-23 00:50:15.01967+00');
INSERT INTO public.attempts VALUES (2, 'job-xors63flt3', 1, 'job-xors63flt3-1', 'failed', 'bad_input', 'there is no file digits/val.json', '2026-11-23 00:50:13.310062+00', '2026-11-23 00:50:13.76571+00', '2026-11-23 00:50:14.489721+00', '2026-11-23 00:50:14.180608+00', 40, '2026-11-23 00:50:14.489555+00', NULL, '2026-11-23 00:50:15.241885+00');
INSERT INTO public.attempts VALUES (3, 'sweep-7a3itjg5bc', 1, 'sweep-7a3itjg5bc-1', 'running', NULL, '', '2026-11-23 00:50:15.925718+00', '2026-11-23 00:50:16.189299+00', '2026-11-23 00:50:16.749692+00', '2026-11-23 00:50:16.321339+00', 1, '2026-11-23 00:50:16.685444+00', NULL, NULL);
INSERT INTO public.attempts VALUES (4, 'job-o5d3tabsyt', 1, 'job-o5d3tabsyt-1', 'running', NULL, '', '2026-11-23 00:50:16.865704+00', '2026-11-23 00:50:17.045472+00', '2026-11-23 00:50:17.574424+00', '2026-11-23 00:50:14.180608+00', 40, '2026-11-23 00:50:17.574247+00', NULL, NULL);
INSERT INTO public.attempts VALUES (5, 'job-s3nahx4o2r', 1, 'job-s3nahx4o2r-1', 'running', NULL, '', '2026-11-23 00:50:18.250113+00', '2026-11-23 00:50:18.425034+00', '2026-11-23 00:50:18.889405+00', '2026-11-23 00:50:14.180608+00', 40, '2026-11-23 00:50:18.889288+00', '2026-11-23 00:50:19.91382+00', NULL);
INSERT INTO public.events VALUES (1, 'job-b3tzn5mqla', '2026-11-23 00:50:12.881613+00', NULL, 'queued', 'submitted', 'user', NULL);
INSERT INTO public.events VALUES (2, 'job-xors63flt3', '2026-11-23 00:50:13.001204+00', NULL, 'queued', 'submitted', 'user', NULL);
INSERT INTO public.events VALUES (3, 'job-b3tzn5mqla', '2026-11-23 00:50:13.260842+00', 'queued', 'starting', 'admitted as attempt 1', 'reconciler', 1);
INSERT INTO public.events VALUES (4, 'job-xors63flt3', '2026-11-23 00:50:13.310115+00', 'queued', 'starting', 'admitted as attempt 1', 'reconciler', 1);
INSERT INTO public.events VALUES (5, 'job-b3tzn5mqla', '2026-11-23 00:50:14.341757+00', 'starting', 'running', 'attempt 1 gave its first sign of life', 'reconciler', 1);
INSERT INTO public.events VALUES (6, 'job-xors63flt3', '2026-11-23 00:50:14.489736+00', 'starting', 'running', 'attempt 1 gave its first sign of life', 'reconciler', 1);
INSERT INTO public.events VALUES (7, 'job-b3tzn5mqla', '2026-11-23 00:50:15.019689+00', 'running', 'succeeded', 'attempt 1 came to its end', 'reconciler', 1);
INSERT INTO public.events VALUES (8, 'job-xors63flt3', '2026-11-23 00:50:15.241906+00', 'running', 'failed', 'attempt 1 failed: there is no file digits/val.json', 'reconciler', 1);
INSERT INTO public.events VALUES (9, 'sweep-7a3itjg5bc', '2026-11-23 00:50:15.702019+00', NULL, 'queued', 'submitted', 'user', NULL);
INSERT INTO public.events VALUES (10, 'sweep-7a3itjg5bc', '2026-11-23 00:50:15.925874+00', 'queued', 'starting', 'admitted as attempt 1', 'reconciler', 1);
INSERT INTO public.events VALUES (11, 'job-o5d3tabsyt', '2026-11-23 00:50:16.365875+00', NULL, 'queued', 'submitted', 'user', NULL);
INSERT INTO public.events VALUES (12, 'sweep-7a3itjg5bc', '2026-11-23 00:50:16.749723+00', 'starting', 'running', 'attempt 1 gave its first sign of life', 'reconciler', 1);
INSERT INTO public.events VALUES (13, 'job-o5d3tabsyt', '2026-11-23 00:50:16.86582+00', 'queued', 'starting', 'admitted as attempt 1', 'reconciler', 1);
INSERT INTO public.events VALUES (14, 'job-o5d3tabsyt', '2026-11-23 00:50:17.574441+00', 'starting', 'running', 'attempt 1 gave its first sign of life', 'reconciler', 1);
INSERT INTO public.events VALUES (15, 'job-s3nahx4o2r', '2026-11-23 00:50:17.842642+00', NULL, 'queued', 'submitted', 'user', NULL);
INSERT INTO public.events VALUES (16, 'job-s3nahx4o2r', '2026-11-23 00:50:18.250278+00', 'queued', 'starting', 'admitted as attempt 1', 'reconciler', 1);
INSERT INTO public.events VALUES (17, 'job-s3nahx4o2r', '2026-11-23 00:50:18.889416+00', 'starting', 'running', 'attempt 1 gave its first sign of life', 'reconciler', 1);
INSERT INTO public.events VALUES (18, 'job-s3nahx4o2r', '2026-11-23 00:50:19.173632+00', 'running', 'cancelling', 'cancel was asked for', 'user', 1);
INSERT INTO public.events VALUES (19, 'job-udffguapa4', '2026-11-23 00:50:19.281017+00', NULL, 'queued', 'submitted', 'user', NULL);
INSERT INTO public.events VALUES (20, 'job-soo4zgy6su', '2026-11-23 00:50:19.357438+00', NULL, 'queued', 'submitted', 'user', NULL);
INSERT INTO public.events VALUES (21, 'job-soo4zgy6su', '2026-11-23 00:50:19.446028+00', 'queued', 'cancelled', 'cancel was asked for', 'user', NULL);
INSERT INTO public.jobs VALUES (3, 'sweep-7a3itjg5bc', 'sweep', 'search', 'default', '[]', 0, '{"kind": "sweep", "name": "search", "seed": 0, "tags": [], "retry": {"max_attempts": 3}, "space": {"distillation.losses.feature_imitation.weight": {"log": true, "low": 1.0, "high": 1000.0, "kind": "uniform"}}, "search": {"kind": "tpe", "num_startup_trials": 8}, "project": "default", "version": 1, "priority": 0, "training": {"data": {"val": {"images": "digits/val", "annotations": "digits/val.json"}, "train": {"images": "digits/train", "annotations": "digits/train.json"}, "num_workers": 0, "image_size_px": 96, "horizontal_flip": 0.0}, "seed": 0, "device": "auto", "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "norm": "batch", "width": 16, "depths": [1, 1, 1, 1]}, "num_levels": 3, "anchor_scale": 2.5, "fpn_channels": 32, "num_head_convs": 2}, "version": 1, "num_steps": 100, "optimizer": {"kind": "adamw", "warmup_steps": 50, "weight_decay": 0.01, "learning_rate": 0.002, "max_gradient_norm": 10.0}, "precision": "float32", "batch_size": 16, "num_threads": 1, "distillation": {"losses": [{"kind": "rank_mimicking", "name": "rank_mimicking", "space": "scores", "weight": 4.0, "temperature": 1.0}, {"kind": "feature_imitation", "name": "feature_imitation", "space": "scores", "weight": 1.5, "normalize": false, "reduction": "mean", "detach_weight": false}], "teacher": {"weights": "teachers/digits.safetensors"}}, "log_every_steps": 10, "evaluate_every_steps": 200, "checkpoint_every_steps": 200}, "objective": {"value": "last", "metric": "val/AP", "direction": "maximize"}, "resources": {"cpus": 1.0, "gpus": 0.0}, "scheduler": {"kind": "none"}, "num_trials": 4, "max_concurrent_trials": 1}', 1, 0, 3, 'running', '', NULL, NULL, 'searching', 1, 4, NULL, '{}', 1, 'run2', NULL, NULL, '2af557d2745823cec3e3b149989b35a7e4c71ce0c4c818effe7e3ae0e98403f0', '2026-11-23 00:50:15.702019+00', '2026-11-23 00:50:16.749723+00', '2026-11-23 00:50:16.749723+00', NULL);
INSERT INTO public.jobs VALUES (4, 'job-o5d3tabsyt', 'job', 'running', 'default', '[]', 0, '{"kind": "job", "name": "running", "tags": [], "retry": {"max_attempts": 3}, "project": "default", "version": 1, "priority": 0, "training": {"data": {"val": {"images": "digits/val", "annotations": "digits/val.json"}, "train": {"images": "digits/train", "annotations": "digits/train.json"}, "num_workers": 0, "image_size_px": 96, "horizontal_flip": 0.0}, "seed": 0, "device": "auto", "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "norm": "batch", "width": 16, "depths": [1, 1, 1, 1]}, "num_levels": 3, "anchor_scale": 2.5, "fpn_channels": 32, "num_head_convs": 2}, "version": 1, "num_steps": 100, "optimizer": {"kind": "adamw", "warmup_steps": 50, "weight_decay": 0.01, "learning_rate": 0.002, "max_gradient_norm": 10.0}, "precision": "float32", "batch_size": 16, "num_threads": 1, "distillation": null, "log_every_steps": 10, "evaluate_every_steps": 200, "checkpoint_every_steps": 200}, "resources": {"cpus": 1.0, "gpus": 0.0}}', 1, 0, 3, 'running', '', NULL, NULL, 'training', 40, 100, NULL, '{"val/AP": 31.5}', 1, 'run1', NULL, NULL, 'f3f3ae6a691948062fc501029f0e419531e4e897f738d528aaeca29336b5cbd2', '2026-11-23 00:50:16.365875+00', '2026-11-23 00:50:17.574441+00', '2026-11-23 00:50:17.574441+00', NULL);
INSERT INTO public.jobs VALUES (6, 'job-udffguapa4', 'job', 'queued', 'default', '[]', 3, '{"kind": "job", "name": "queued", "tags": [], "retry": {"max_attempts": 3}, "project": "default", "version": 1, "priority": 3, "training": {"data": {"val": {"images": "digits/val", "annotations": "digits/val.json"}, "train": {"images": "digits/train", "annotations": "digits/train.json"}, "num_workers": 0, "image_size_px": 96, "horizontal_flip": 0.0}, "seed": 0, "device": "auto", "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "norm": "batch", "width": 16, "depths": [1, 1, 1, 1]}, "num_levels": 3, "anchor_scale": 2.5, "fpn_channels": 32, "num_head_convs": 2}, "version": 1, "num_steps": 100, "optimizer": {"kind": "adamw", "warmup_steps": 50, "weight_decay": 0.01, "learning_rate": 0.002, "max_gradient_norm": 10.0}, "precision": "float32", "batch_size": 16, "num_threads": 1, "distillation": null, "log_every_steps": 10, "evaluate_every_steps": 200, "checkpoint_every_steps": 200}, "resources": {"cpus": 2.5, "gpus": 0.5}}', 2.5, 0.5, 3, 'queued', 'queued: can never start here, it needs 2.5 CPUs and 0.5 GPUs and the cluster has 3 CPUs; ask for less, or add nodes', NULL, NULL, NULL, 0, 100, NULL, '{}', 0, NULL, NULL, NULL, 'd47011f0a165f9a2c0c20c5122167c86461092f676b8a93690d18d75251a99da', '2026-11-23 00:50:19.281017+00', '2026-11-23 00:50:19.281017+00', NULL, NULL);
INSERT INTO public.jobs VALUES (7, 'job-soo4zgy6su', 'job', 'cancelled', 'default', '[]', 0, '{"kind": "job", "name": "cancelled", "tags": [], "retry": {"max_attempts": 3}, "project": "default", "version": 1, "priority": 0, "training": {"data": {"val": {"images": "digits/val", "annotations": "digits/val.json"}, "train": {"images": "digits/train", "annotations": "digits/train.json"}, "num_workers": 0, "image_size_px": 96, "horizontal_flip": 0.0}, "seed": 0, "device": "auto", "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "norm": "batch", "width": 16, "depths": [1, 1, 1, 1]}, "num_levels": 3, "anchor_scale": 2.5, "fpn_channels": 32, "num_head_convs": 2}, "version": 1, "num_steps": 100, "optimizer": {"kind": "adamw", "warmup_steps": 50, "weight_decay": 0.01, "learning_rate": 0.002, "max_gradient_norm": 10.0}, "precision": "float32", "batch_size": 16, "num_threads": 1, "distillation": null, "log_every_steps": 10, "evaluate_every_steps": 200, "checkpoint_every_steps": 200}, "resources": {"cpus": 1.0, "gpus": 0.0}}', 1, 0, 3, 'cancelled', 'cancelled before it ran', 'user', '2026-11-23 00:50:19.44599+00', NULL, 0, 100, NULL, '{}', 0, NULL, NULL, NULL, '72c3fdb990398dff9f4df6fae40bb084631a5d886ac910018767a10f8333342b', '2026-11-23 00:50:19.357438+00', '2026-11-23 00:50:19.446028+00', NULL, '2026-11-23 00:50:19.446028+00');
INSERT INTO public.jobs VALUES (2, 'job-xors63flt3', 'job', 'failed', 'default', '[]', 0, '{"kind": "job", "name": "failed", "tags": [], "retry": {"max_attempts": 1}, "project": "default", "version": 1, "priority": 0, "training": {"data": {"val": {"images": "digits/val", "annotations": "digits/val.json"}, "train": {"images": "digits/train", "annotations": "digits/train.json"}, "num_workers": 0, "image_size_px": 96, "horizontal_flip": 0.0}, "seed": 0, "device": "auto", "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "norm": "batch", "width": 16, "depths": [1, 1, 1, 1]}, "num_levels": 3, "anchor_scale": 2.5, "fpn_channels": 32, "num_head_convs": 2}, "version": 1, "num_steps": 100, "optimizer": {"kind": "adamw", "warmup_steps": 50, "weight_decay": 0.01, "learning_rate": 0.002, "max_gradient_norm": 10.0}, "precision": "float32", "batch_size": 16, "num_threads": 1, "distillation": null, "log_every_steps": 10, "evaluate_every_steps": 200, "checkpoint_every_steps": 200}, "resources": {"cpus": 1.0, "gpus": 0.0}}', 1, 0, 1, 'failed', 'there is no file digits/val.json', 'bad_input', NULL, 'training', 40, 100, NULL, '{"val/AP": 31.5}', 1, 'run1', NULL, NULL, 'f605eb73f14ed954170b37a5c600a8acec618a583d9a6d0295b17821374eec62', '2026-11-23 00:50:13.001204+00', '2026-11-23 00:50:15.241906+00', '2026-11-23 00:50:14.489736+00', '2026-11-23 00:50:15.241906+00');
INSERT INTO public.jobs VALUES (1, 'job-b3tzn5mqla', 'job', 'succeeded', 'release', '["first", "größe"]', 0, '{"kind": "job", "name": "succeeded", "tags": ["first", "größe"], "retry": {"max_attempts": 3}, "project": "release", "version": 1, "priority": 0, "training": {"data": {"val": {"images": "digits/val", "annotations": "digits/val.json"}, "train": {"images": "digits/train", "annotations": "digits/train.json"}, "num_workers": 0, "image_size_px": 96, "horizontal_flip": 0.0}, "seed": 0, "device": "auto", "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "norm": "batch", "width": 16, "depths": [1, 1, 1, 1]}, "num_levels": 3, "anchor_scale": 2.5, "fpn_channels": 32, "num_head_convs": 2}, "version": 1, "num_steps": 100, "optimizer": {"kind": "adamw", "warmup_steps": 50, "weight_decay": 0.01, "learning_rate": 0.002, "max_gradient_norm": 10.0}, "precision": "float32", "batch_size": 16, "num_threads": 1, "distillation": {"losses": [{"kind": "rank_mimicking", "name": "rank_mimicking", "space": "scores", "weight": 4.0, "temperature": 1.0}, {"kind": "feature_imitation", "name": "feature_imitation", "space": "scores", "weight": 1.5, "normalize": false, "reduction": "mean", "detach_weight": false}], "teacher": {"weights": "teachers/digits.safetensors"}}, "log_every_steps": 10, "evaluate_every_steps": 200, "checkpoint_every_steps": 200}, "resources": {"cpus": 1.0, "gpus": 0.0}}', 1, 0, 3, 'succeeded', 'finished 100 steps with 42.5 AP', NULL, NULL, 'training', 100, 100, NULL, '{"val/AP": 42.5, "teacher/AP": 60.25}', 1, 'run1', NULL, 'release-1', 'c425e7293ef9039580be30b97d83248bb813e981db6d55348939f0fbbd9c8dc0', '2026-11-23 00:50:12.881613+00', '2026-11-23 00:50:15.019689+00', '2026-11-23 00:50:14.341757+00', '2026-11-23 00:50:15.019689+00');
INSERT INTO public.jobs VALUES (5, 'job-s3nahx4o2r', 'job', 'cancelling', 'default', '[]', 0, '{"kind": "job", "name": "cancelling", "tags": [], "retry": {"max_attempts": 3}, "project": "default", "version": 1, "priority": 0, "training": {"data": {"val": {"images": "digits/val", "annotations": "digits/val.json"}, "train": {"images": "digits/train", "annotations": "digits/train.json"}, "num_workers": 0, "image_size_px": 96, "horizontal_flip": 0.0}, "seed": 0, "device": "auto", "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "norm": "batch", "width": 16, "depths": [1, 1, 1, 1]}, "num_levels": 3, "anchor_scale": 2.5, "fpn_channels": 32, "num_head_convs": 2}, "version": 1, "num_steps": 100, "optimizer": {"kind": "adamw", "warmup_steps": 50, "weight_decay": 0.01, "learning_rate": 0.002, "max_gradient_norm": 10.0}, "precision": "float32", "batch_size": 16, "num_threads": 1, "distillation": null, "log_every_steps": 10, "evaluate_every_steps": 200, "checkpoint_every_steps": 200}, "resources": {"cpus": 1.0, "gpus": 0.0}}', 1, 0, 3, 'cancelling', 'asked to stop; writes a checkpoint first', NULL, '2026-11-23 00:50:19.173601+00', 'training', 40, 100, NULL, '{"val/AP": 31.5}', 1, 'run1', NULL, NULL, 'cc8ec563170d24f2f82528add17ebdafa6fffa98b922064dc338807a57ec9fe7', '2026-11-23 00:50:17.842642+00', '2026-11-23 00:50:19.173632+00', '2026-11-23 00:50:18.889416+00', NULL);
INSERT INTO public.leases VALUES ('reconciler', 'host-1-0c8b8b52', '2026-11-23 00:50:24.112151+00');
INSERT INTO public.trials VALUES ('sweep-7a3itjg5bc', 1, 'succeeded', '{"distillation.losses.feature_imitation.weight": 30.5}', '{"val/AP": 20.0}', 20, 100, 'run3', '2026-11-23 00:50:16.322269+00', '2026-11-23 00:50:16.322274+00', '');
INSERT INTO public.trials VALUES ('sweep-7a3itjg5bc', 2, 'running', '{"distillation.losses.feature_imitation.weight": 300.0}', '{}', NULL, 10, NULL, '2026-11-23 00:50:16.32484+00', NULL, '');
SELECT pg_catalog.setval('public.attempts_id_seq', 5, true);
SELECT pg_catalog.setval('public.events_id_seq', 21, true);
SELECT pg_catalog.setval('public.jobs_seq_seq', 7, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT pk_attempts PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT pk_jobs PRIMARY KEY (seq);
ALTER TABLE ONLY public.leases
    ADD CONSTRAINT pk_leases PRIMARY KEY (name);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT pk_trials PRIMARY KEY (job_id, number);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT uq_attempts_job_id_number UNIQUE (job_id, number);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT uq_attempts_submission_id UNIQUE (submission_id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT uq_jobs_id UNIQUE (id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT uq_jobs_idempotency_key UNIQUE (idempotency_key);
CREATE INDEX ix_events_job_id ON public.events USING btree (job_id);
CREATE INDEX ix_jobs_project_seq ON public.jobs USING btree (project, seq);
CREATE INDEX ix_jobs_state_seq ON public.jobs USING btree (state, seq);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT fk_attempts_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT fk_events_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT fk_trials_job_id_jobs FOREIGN KEY (job_id) REFERENCES public.jobs(id);
