BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE attempts (
	id INTEGER NOT NULL, 
	job_id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	submission_id VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	cause VARCHAR(32), 
	reason TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	submitted_at DATETIME, 
	started_at DATETIME, 
	heartbeat_at DATETIME, 
	first_step INTEGER, 
	first_step_at DATETIME, 
	stop_requested_at DATETIME, 
	ended_at DATETIME, 
	CONSTRAINT pk_attempts PRIMARY KEY (id), 
	CONSTRAINT fk_attempts_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id), 
	CONSTRAINT uq_attempts_job_id_number UNIQUE (job_id, number), 
	CONSTRAINT uq_attempts_submission_id UNIQUE (submission_id)
);
INSERT INTO "attempts" VALUES(1,'job-u3o4optrv4',1,'job-u3o4optrv4-1','succeeded',NULL,'finished 100 steps with 42.5 AP','2026-11-23 00:50:00.970905','2026-11-23 00:50:01.114820','2026-11-23 00:50:01.436974','2026-11-23 00:50:01.337059',40,'2026-11-23 00:50:01.436768',NULL,'2026-11-23 00:50:01.721774');
INSERT INTO "attempts" VALUES(2,'job-kr5bp42s2r',1,'job-kr5bp42s2r-1','failed','bad_input','there is no file digits/val.json','2026-11-23 00:50:01.009920','2026-11-23 00:50:01.161374','2026-11-23 00:50:01.539633','2026-11-23 00:50:01.337059',40,'2026-11-23 00:50:01.539492',NULL,'2026-11-23 00:50:01.805688');
INSERT INTO "attempts" VALUES(3,'sweep-zihd2qjnnw',1,'sweep-zihd2qjnnw-1','running',NULL,'','2026-11-23 00:50:01.956259','2026-11-23 00:50:01.974411','2026-11-23 00:50:02.129224','2026-11-23 00:50:02.028288',1,'2026-11-23 00:50:02.092486',NULL,NULL);
INSERT INTO "attempts" VALUES(4,'job-t74y4dwh3h',1,'job-t74y4dwh3h-1','running',NULL,'','2026-11-23 00:50:02.146857','2026-11-23 00:50:02.160487','2026-11-23 00:50:02.208719','2026-11-23 00:50:01.337059',40,'2026-11-23 00:50:02.208610',NULL,NULL);
INSERT INTO "attempts" VALUES(5,'job-b7t4t5l5kv',1,'job-b7t4t5l5kv-1','running',NULL,'','2026-11-23 00:50:02.305663','2026-11-23 00:50:02.351882','2026-11-23 00:50:02.439841','2026-11-23 00:50:01.337059',40,'2026-11-23 00:50:02.439722','2026-11-23 00:50:02.636447',NULL);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	job_id VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	from_state VARCHAR(16), 
	to_state VARCHAR(16) NOT NULL, 
	cause TEXT NOT NULL, 
	actor VARCHAR(32) NOT NULL, 
	attempt INTEGER, 
	CONSTRAINT pk_events PRIMARY KEY (id), 
	CONSTRAINT fk_events_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "events" VALUES(1,'job-u3o4optrv4','2026-11-23 00:50:00.766326',NULL,'queued','submitted','user',NULL);
INSERT INTO "events" VALUES(2,'job-kr5bp42s2r','2026-11-23 00:50:00.893828',NULL,'queued','submitted','user',NULL);
INSERT INTO "events" VALUES(3,'job-u3o4optrv4','2026-11-23 00:50:00.971037','queued','starting','admitted as attempt 1','reconciler',1);
INSERT INTO "events" VALUES(4,'job-kr5bp42s2r','2026-11-23 00:50:01.009977','queued','starting','admitted as attempt 1','reconciler',1);
INSERT INTO "events" VALUES(5,'job-u3o4optrv4','2026-11-23 00:50:01.436993','starting','running','attempt 1 gave its first sign of life','reconciler',1);
INSERT INTO "events" VALUES(6,'job-kr5bp42s2r','2026-11-23 00:50:01.539646','starting','running','attempt 1 gave its first sign of life','reconciler',1);
INSERT INTO "events" VALUES(7,'job-u3o4optrv4','2026-11-23 00:50:01.721793','running','succeeded','attempt 1 came to its end','reconciler',1);
INSERT INTO "events" VALUES(8,'job-kr5bp42s2r','2026-11-23 00:50:01.805714','running','failed','attempt 1 failed: there is no file digits/val.json','reconciler',1);
INSERT INTO "events" VALUES(9,'sweep-zihd2qjnnw','2026-11-23 00:50:01.926204',NULL,'queued','submitted','user',NULL);
INSERT INTO "events" VALUES(10,'sweep-zihd2qjnnw','2026-11-23 00:50:01.956350','queued','starting','admitted as attempt 1','reconciler',1);
INSERT INTO "events" VALUES(11,'job-t74y4dwh3h','2026-11-23 00:50:02.064756',NULL,'queued','submitted','user',NULL);
INSERT INTO "events" VALUES(12,'sweep-zihd2qjnnw','2026-11-23 00:50:02.129249','starting','running','attempt 1 gave its first sign of life','reconciler',1);
INSERT INTO "events" VALUES(13,'job-t74y4dwh3h','2026-11-23 00:50:02.146946','queued','starting','admitted as attempt 1','reconciler',1);
INSERT INTO "events" VALUES(14,'job-t74y4dwh3h','2026-11-23 00:50:02.208728','starting','running','attempt 1 gave its first sign of life','reconciler',1);
INSERT INTO "events" VALUES(15,'job-b7t4t5l5kv','2026-11-23 00:50:02.251300',NULL,'queued','submitted','user',NULL);
INSERT INTO "events" VALUES(16,'job-b7t4t5l5kv','2026-11-23 00:50:02.305772','queued','starting','admitted as attempt 1','reconciler',1);
INSERT INTO "events" VALUES(17,'job-b7t4t5l5kv','2026-11-23 00:50:02.439852','starting','running','attempt 1 gave its first sign of life','reconciler',1);
INSERT INTO "events" VALUES(18,'job-b7t4t5l5kv','2026-11-23 00:50:02.477053','running','cancelling','cancel was asked for','user',1);
INSERT INTO "events" VALUES(19,'job-iqsyiyswbr','2026-11-23 00:50:02.494115',NULL,'queued','submitted','user',NULL);
INSERT INTO "events" VALUES(20,'job-iqwx2q76i2','2026-11-23 00:50:02.509353',NULL,'queued','submitted','user',NULL);
INSERT INTO "events" VALUES(21,'job-iqwx2q76i2','2026-11-23 00:50:02.533767','queued','cancelled','cancel was asked for','user',NULL);
CREATE TABLE jobs (
	seq INTEGER NOT NULL, 
	id VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	project VARCHAR(100) NOT NULL, 
	tags JSON NOT NULL, 
	priority INTEGER NOT NULL, 
	spec JSON NOT NULL, 
	cpus DOUBLE NOT NULL, 
	gpus DOUBLE NOT NULL, 
	max_attempts INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	reason TEXT NOT NULL, 
	cause VARCHAR(32), 
	cancel_requested_at DATETIME, 
	phase VARCHAR(16), 
	step INTEGER NOT NULL, 
	num_steps INTEGER NOT NULL, 
	eta_s DOUBLE, 
	metrics JSON NOT NULL, 
	attempt INTEGER NOT NULL, 
	mlflow_run_id VARCHAR(64), 
	mlflow_experiment_id VARCHAR(64), 
	idempotency_key VARCHAR(255), 
	body_hash VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	started_at DATETIME, 
	ended_at DATETIME, 
	CONSTRAINT pk_jobs PRIMARY KEY (seq), 
	CONSTRAINT uq_jobs_id UNIQUE (id), 
	CONSTRAINT uq_jobs_idempotency_key UNIQUE (idempotency_key)
);
INSERT INTO "jobs" VALUES(1,'job-u3o4optrv4','job','succeeded','release','["first", "gr\u00f6\u00dfe"]',0,'{"version": 1, "name": "succeeded", "project": "release", "tags": ["first", "gr\u00f6\u00dfe"], "resources": {"cpus": 1.0, "gpus": 0.0}, "priority": 0, "retry": {"max_attempts": 3}, "kind": "job", "training": {"version": 1, "seed": 0, "data": {"train": {"images": "digits/train", "annotations": "digits/train.json"}, "val": {"images": "digits/val", "annotations": "digits/val.json"}, "image_size_px": 96, "horizontal_flip": 0.0, "num_workers": 0}, "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "depths": [1, 1, 1, 1], "width": 16, "norm": "batch"}, "fpn_channels": 32, "num_head_convs": 2, "num_levels": 3, "anchor_scale": 2.5}, "distillation": {"teacher": {"weights": "teachers/digits.safetensors"}, "losses": [{"kind": "rank_mimicking", "name": "rank_mimicking", "weight": 4.0, "temperature": 1.0, "space": "scores"}, {"kind": "feature_imitation", "name": "feature_imitation", "weight": 1.5, "space": "scores", "reduction": "mean", "detach_weight": false, "normalize": false}]}, "optimizer": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01, "warmup_steps": 50, "max_gradient_norm": 10.0}, "num_steps": 100, "batch_size": 16, "evaluate_every_steps": 200, "checkpoint_every_steps": 200, "log_every_steps": 10, "precision": "float32", "device": "auto", "num_threads": 1}}',1.0,0.0,3,'succeeded','finished 100 steps with 42.5 AP',NULL,NULL,'training',100,100,NULL,'{"val/AP": 42.5, "teacher/AP": 60.25}',1,'run1',NULL,'release-1','c425e7293ef9039580be30b97d83248bb813e981db6d55348939f0fbbd9c8dc0','2026-11-23 00:50:00.766326','2026-11-23 00:50:01.721793','2026-11-23 00:50:01.436993','2026-11-23 00:50:01.721793');
INSERT INTO "jobs" VALUES(2,'job-kr5bp42s2r','job','failed','default','[]',0,'{"version": 1, "name": "failed", "project": "default", "tags": [], "resources": {"cpus": 1.0, "gpus": 0.0}, "priority": 0, "retry": {"max_attempts": 1}, "kind": "job", "training": {"version": 1, "seed": 0, "data": {"train": {"images": "digits/train", "annotations": "digits/train.json"}, "val": {"images": "digits/val", "annotations": "digits/val.json"}, "image_size_px": 96, "horizontal_flip": 0.0, "num_workers": 0}, "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "depths": [1, 1, 1, 1], "width": 16, "norm": "batch"}, "fpn_channels": 32, "num_head_convs": 2, "num_levels": 3, "anchor_scale": 2.5}, "distillation": null, "optimizer": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01, "warmup_steps": 50, "max_gradient_norm": 10.0}, "num_steps": 100, "batch_size": 16, "evaluate_every_steps": 200, "checkpoint_every_steps": 200, "log_every_steps": 10, "precision": "float32", "device": "auto", "num_threads": 1}}',1.0,0.0,1,'failed','there is no file digits/val.json','bad_input',NULL,'training',40,100,NULL,'{"val/AP": 31.5}',1,'run1',NULL,NULL,'f605eb73f14ed954170b37a5c600a8acec618a583d9a6d0295b17821374eec62','2026-11-23 00:50:00.893828','2026-11-23 00:50:01.805714','2026-11-23 00:50:01.539646','2026-11-23 00:50:01.805714');
INSERT INTO "jobs" VALUES(3,'sweep-zihd2qjnnw','sweep','search','default','[]',0,'{"version": 1, "name": "search", "project": "default", "tags": [], "resources": {"cpus": 1.0, "gpus": 0.0}, "priority": 0, "retry": {"max_attempts": 3}, "kind": "sweep", "training": {"version": 1, "seed": 0, "data": {"train": {"images": "digits/train", "annotations": "digits/train.json"}, "val": {"images": "digits/val", "annotations": "digits/val.json"}, "image_size_px": 96, "horizontal_flip": 0.0, "num_workers": 0}, "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "depths": [1, 1, 1, 1], "width": 16, "norm": "batch"}, "fpn_channels": 32, "num_head_convs": 2, "num_levels": 3, "anchor_scale": 2.5}, "distillation": {"teacher": {"weights": "teachers/digits.safetensors"}, "losses": [{"kind": "rank_mimicking", "name": "rank_mimicking", "weight": 4.0, "temperature": 1.0, "space": "scores"}, {"kind": "feature_imitation", "name": "feature_imitation", "weight": 1.5, "space": "scores", "reduction": "mean", "detach_weight": false, "normalize": false}]}, "optimizer": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01, "warmup_steps": 50, "max_gradient_norm": 10.0}, "num_steps": 100, "batch_size": 16, "evaluate_every_steps": 200, "checkpoint_every_steps": 200, "log_every_steps": 10, "precision": "float32", "device": "auto", "num_threads": 1}, "space": {"distillation.losses.feature_imitation.weight": {"kind": "uniform", "low": 1.0, "high": 1000.0, "log": true}}, "objective": {"metric": "val/AP", "direction": "maximize", "value": "last"}, "num_trials": 4, "max_concurrent_trials": 1, "search": {"kind": "tpe", "num_startup_trials": 8}, "scheduler": {"kind": "none"}, "seed": 0}',1.0,0.0,3,'running','',NULL,NULL,'searching',1,4,NULL,'{}',1,'run2',NULL,NULL,'2af557d2745823cec3e3b149989b35a7e4c71ce0c4c818effe7e3ae0e98403f0','2026-11-23 00:50:01.926204','2026-11-23 00:50:02.129249','2026-11-23 00:50:02.129249',NULL);
INSERT INTO "jobs" VALUES(4,'job-t74y4dwh3h','job','running','default','[]',0,'{"version": 1, "name": "running", "project": "default", "tags": [], "resources": {"cpus": 1.0, "gpus": 0.0}, "priority": 0, "retry": {"max_attempts": 3}, "kind": "job", "training": {"version": 1, "seed": 0, "data": {"train": {"images": "digits/train", "annotations": "digits/train.json"}, "val": {"images": "digits/val", "annotations": "digits/val.json"}, "image_size_px": 96, "horizontal_flip": 0.0, "num_workers": 0}, "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "depths": [1, 1, 1, 1], "width": 16, "norm": "batch"}, "fpn_channels": 32, "num_head_convs": 2, "num_levels": 3, "anchor_scale": 2.5}, "distillation": null, "optimizer": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01, "warmup_steps": 50, "max_gradient_norm": 10.0}, "num_steps": 100, "batch_size": 16, "evaluate_every_steps": 200, "checkpoint_every_steps": 200, "log_every_steps": 10, "precision": "float32", "device": "auto", "num_threads": 1}}',1.0,0.0,3,'running','',NULL,NULL,'training',40,100,NULL,'{"val/AP": 31.5}',1,'run1',NULL,NULL,'f3f3ae6a691948062fc501029f0e419531e4e897f738d528aaeca29336b5cbd2','2026-11-23 00:50:02.064756','2026-11-23 00:50:02.208728','2026-11-23 00:50:02.208728',NULL);
INSERT INTO "jobs" VALUES(5,'job-b7t4t5l5kv','job','cancelling','default','[]',0,'{"version": 1, "name": "cancelling", "project": "default", "tags": [], "resources": {"cpus": 1.0, "gpus": 0.0}, "priority": 0, "retry": {"max_attempts": 3}, "kind": "job", "training": {"version": 1, "seed": 0, "data": {"train": {"images": "digits/train", "annotations": "digits/train.json"}, "val": {"images": "digits/val", "annotations": "digits/val.json"}, "image_size_px": 96, "horizontal_flip": 0.0, "num_workers": 0}, "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "depths": [1, 1, 1, 1], "width": 16, "norm": "batch"}, "fpn_channels": 32, "num_head_convs": 2, "num_levels": 3, "anchor_scale": 2.5}, "distillation": null, "optimizer": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01, "warmup_steps": 50, "max_gradient_norm": 10.0}, "num_steps": 100, "batch_size": 16, "evaluate_every_steps": 200, "checkpoint_every_steps": 200, "log_every_steps": 10, "precision": "float32", "device": "auto", "num_threads": 1}}',1.0,0.0,3,'cancelling','asked to stop; writes a checkpoint first',NULL,'2026-11-23 00:50:02.477019','training',40,100,NULL,'{"val/AP": 31.5}',1,'run1',NULL,NULL,'cc8ec563170d24f2f82528add17ebdafa6fffa98b922064dc338807a57ec9fe7','2026-11-23 00:50:02.251300','2026-11-23 00:50:02.477053','2026-11-23 00:50:02.439852',NULL);
INSERT INTO "jobs" VALUES(6,'job-iqsyiyswbr','job','queued','default','[]',3,'{"version": 1, "name": "queued", "project": "default", "tags": [], "resources": {"cpus": 2.5, "gpus": 0.5}, "priority": 3, "retry": {"max_attempts": 3}, "kind": "job", "training": {"version": 1, "seed": 0, "data": {"train": {"images": "digits/train", "annotations": "digits/train.json"}, "val": {"images": "digits/val", "annotations": "digits/val.json"}, "image_size_px": 96, "horizontal_flip": 0.0, "num_workers": 0}, "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "depths": [1, 1, 1, 1], "width": 16, "norm": "batch"}, "fpn_channels": 32, "num_head_convs": 2, "num_levels": 3, "anchor_scale": 2.5}, "distillation": null, "optimizer": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01, "warmup_steps": 50, "max_gradient_norm": 10.0}, "num_steps": 100, "batch_size": 16, "evaluate_every_steps": 200, "checkpoint_every_steps": 200, "log_every_steps": 10, "precision": "float32", "device": "auto", "num_threads": 1}}',2.5,0.5,3,'queued','queued: can never start here, it needs 2.5 CPUs and 0.5 GPUs and the cluster has 3 CPUs; ask for less, or add nodes',NULL,NULL,NULL,0,100,NULL,'{}',0,NULL,NULL,NULL,'d47011f0a165f9a2c0c20c5122167c86461092f676b8a93690d18d75251a99da','2026-11-23 00:50:02.494115','2026-11-23 00:50:02.494115',NULL,NULL);
INSERT INTO "jobs" VALUES(7,'job-iqwx2q76i2','job','cancelled','default','[]',0,'{"version": 1, "name": "cancelled", "project": "default", "tags": [], "resources": {"cpus": 1.0, "gpus": 0.0}, "priority": 0, "retry": {"max_attempts": 3}, "kind": "job", "training": {"version": 1, "seed": 0, "data": {"train": {"images": "digits/train", "annotations": "digits/train.json"}, "val": {"images": "digits/val", "annotations": "digits/val.json"}, "image_size_px": 96, "horizontal_flip": 0.0, "num_workers": 0}, "student": {"kind": "retinanet", "backbone": {"kind": "resnet", "depths": [1, 1, 1, 1], "width": 16, "norm": "batch"}, "fpn_channels": 32, "num_head_convs": 2, "num_levels": 3, "anchor_scale": 2.5}, "distillation": null, "optimizer": {"kind": "adamw", "learning_rate": 0.002, "weight_decay": 0.01, "warmup_steps": 50, "max_gradient_norm": 10.0}, "num_steps": 100, "batch_size": 16, "evaluate_every_steps": 200, "checkpoint_every_steps": 200, "log_every_steps": 10, "precision": "float32", "device": "auto", "num_threads": 1}}',1.0,0.0,3,'cancelled','cancelled before it ran','user','2026-11-23 00:50:02.533733',NULL,0,100,NULL,'{}',0,NULL,NULL,NULL,'72c3fdb990398dff9f4df6fae40bb084631a5d886ac910018767a10f8333342b','2026-11-23 00:50:02.509353','2026-11-23 00:50:02.533767',NULL,'2026-11-23 00:50:02.533767');
CREATE TABLE leases (
	name VARCHAR(32) NOT NULL, 
	holder VARCHAR(128) NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
INSERT INTO "leases" VALUES('reconciler','host-1-0c8b8b52','2026-11-23 00:50:11.285579');
CREATE TABLE trials (
	job_id VARCHAR(32) NOT NULL, 
	number INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	parameters JSON NOT NULL, 
	metrics JSON NOT NULL, 
	objective DOUBLE, 
	step INTEGER NOT NULL, 
	mlflow_run_id VARCHAR(64), 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_trials PRIMARY KEY (job_id, number), 
	CONSTRAINT fk_trials_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
INSERT INTO "trials" VALUES('sweep-zihd2qjnnw',1,'succeeded','{"distillation.losses.feature_imitation.weight": 30.5}','{"val/AP": 20.0}',20.0,100,'run3','2026-11-23 00:50:02.033038','2026-11-23 00:50:02.033044','');
INSERT INTO "trials" VALUES('sweep-zihd2qjnnw',2,'running','{"distillation.losses.feature_imitation.weight": 300.0}','{}',NULL,10,NULL,'2026-11-23 00:50:02.048856',NULL,'');
CREATE INDEX ix_jobs_project_seq ON jobs (project, seq);
CREATE INDEX ix_jobs_state_seq ON jobs (state, seq);
CREATE INDEX ix_events_job_id ON events (job_id);
COMMIT;
