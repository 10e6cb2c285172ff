// Generated from openapi.json by `npm run types`.
export interface paths {
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Jobs
         * @description Jobs and sweeps, newest first unless asked otherwise.
         */
        get: operations["listJobs"];
        put?: never;
        /**
         * Submit Job
         * @description Queue a job. A job that was answered is never lost.
         */
        post: operations["submitJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Job
         * @description Say what `submitJob` would say, and queue nothing. Answers the spec with all defaults filled in.
         */
        post: operations["checkJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count Jobs
         * @description How many jobs and sweeps are in each state; takes the same filters as the list.
         */
        get: operations["countJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metrics Of Jobs
         * @description A few curves of several jobs, thinned out so that their shape stays: what a list draws beside its rows.
         */
        get: operations["getMetricsOfJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/baselines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Baselines
         * @description What several distillations gain over: of each the best training that is the same, but has no teacher.
         *
         *     The same are project, data, student, optimiser, steps, batch size, precision and moving average; seeds may differ.
         */
        get: operations["getBaselines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Act On Jobs
         * @description Cancel, pause, resume or retry many jobs. Each is done or refused for itself, as its own request would be.
         */
        post: operations["actOnJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job
         * @description One job or sweep with its spec and its attempts.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Job
         * @description Change a job's name, tags or priority; the queue follows at once.
         */
        patch: operations["changeJob"];
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Job
         * @description End a job: at once while it waits, else after it has written a checkpoint. Asking twice changes nothing.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause Job
         * @description Free what a job holds and keep its checkpoint, until it is resumed. Asking twice changes nothing.
         */
        post: operations["pauseJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Job
         * @description Queue a paused job again; it goes on from its newest checkpoint. Asking twice changes nothing.
         */
        post: operations["resumeJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry Job
         * @description Queue a failed or cancelled job again; it goes on from its newest checkpoint unless told otherwise.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clone Job
         * @description Queue a new job or sweep with the spec of another one, edited.
         */
        post: operations["cloneJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Job Events
         * @description All changes of a job's state, oldest first.
         */
        get: operations["listJobEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job Metrics
         * @description Curves of a job, thinned out so that their shape stays.
         */
        get: operations["getJobMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job Logs
         * @description A piece of the log of an attempt. Read on at `next_offset` until `complete`.
         */
        get: operations["getJobLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Jobs
         * @description Every change of state, exactly once and in order, and the latest progress of what runs.
         *
         *     With `Last-Event-ID` the changes since then come first. A reader that starts anew reads its list after `open`.
         */
        get: operations["streamJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Job
         * @description One job until it is over: `state`, `progress`, `metrics` of the keys asked for, and `end`.
         */
        get: operations["streamJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/logs/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Job Logs
         * @description The log of a job as it is written, attempt after attempt, until the job is over. Ids are bytes of the log.
         */
        get: operations["streamJobLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sweeps
         * @description Sweeps, newest first unless asked otherwise.
         */
        get: operations["listSweeps"];
        put?: never;
        /**
         * Submit Sweep
         * @description Queue a sweep.
         */
        post: operations["submitSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Sweep
         * @description Say what `submitSweep` would say, and queue nothing. Answers the spec with all defaults filled in.
         */
        post: operations["checkSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Sweep
         * @description One sweep with its spec and its attempts.
         */
        get: operations["getSweep"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Sweep
         * @description End a sweep and its running trials. Asking twice changes nothing.
         */
        post: operations["cancelSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Trials
         * @description All trials of a sweep, by number.
         */
        get: operations["listTrials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/steer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Steer Sweep
         * @description Add trials or budget to a running sweep, or end its search. Requests add up; it follows within seconds.
         */
        post: operations["steerSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/trials/{number}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Trial
         * @description End one trial at its next evaluation. Asking twice changes nothing.
         */
        post: operations["stopTrial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/retrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retrain Sweep
         * @description Submit the winner as a job of its own, at the full budget or a larger one.
         */
        post: operations["retrainSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fork Sweep
         * @description Queue a sweep with an edited spec (RFC 7396), such as another space, that starts from what this one found.
         */
        post: operations["forkSweep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Sweep Answers
         * @description What the sweep has found so far: the verdict with its interval, importances, history, front and cost.
         */
        get: operations["getSweepAnswers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/trials/{number}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Trial Metrics
         * @description Curves of a trial, thinned out so that their shape stays; under PBT since its last exploit.
         */
        get: operations["getTrialMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Datasets
         * @description Data sets with their newest versions, newest first.
         */
        get: operations["listDatasets"];
        put?: never;
        /**
         * Register Dataset
         * @description Register a data set, or its next version where the name is known. It is checked on the cluster at once.
         */
        post: operations["registerDataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dataset
         * @description One version of a data set with what its check found, and the list of its versions.
         */
        get: operations["getDataset"];
        put?: never;
        post?: never;
        /**
         * Delete Dataset
         * @description Delete a data set with all its versions; its files stay where they are.
         */
        delete: operations["deleteDataset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Dataset
         * @description Check a version again. Where its files have changed since it was ready, it is refused from then on.
         */
        post: operations["checkDataset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{name}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Dataset Samples
         * @description Some images of both splits with their boxes.
         */
        get: operations["listDatasetSamples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{name}/samples/{index}/image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dataset Sample Image
         * @description The thumbnail of a sample.
         */
        get: operations["getDatasetSampleImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description Models with their newest versions, newest first. Students are added when their jobs succeed.
         */
        get: operations["listModels"];
        put?: never;
        /**
         * Register Model
         * @description Register a teacher or student, or the next version of one. It is checked on the cluster at once.
         */
        post: operations["registerModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload Model
         * @description Register a teacher or student, or the next version of one, from the safetensors file that is sent.
         */
        post: operations["uploadModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model
         * @description A model with one version in full, and all its versions.
         */
        get: operations["getModel"];
        put?: never;
        post?: never;
        /**
         * Delete Model
         * @description Delete a model with all its versions; files, and what MLflow has, stay where they are.
         */
        delete: operations["deleteModel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Model
         * @description Check a version again on the cluster: that it loads, and that its file is still the same.
         */
        post: operations["checkModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Promote Model
         * @description Give a version an alias, here and in MLflow's registry. Asking twice changes nothing.
         */
        post: operations["promoteModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back Model
         * @description Give an alias back to the version that had it before.
         */
        post: operations["rollBackModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/aliases/{alias}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Demote Model
         * @description Take an alias away, here and in MLflow's registry.
         */
        delete: operations["demoteModel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Model Events
         * @description What was done with a model and by whom, oldest first.
         */
        get: operations["listModelEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Promote Student
         * @description Give the student of a job an alias, under the name of a model that may be new.
         */
        post: operations["promoteStudent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{sweep_id}/trials/{number}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Promote Trial
         * @description Give the student of a trial an alias, under the name of a model that may be new.
         */
        post: operations["promoteTrial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job Lineage
         * @description What a job was made from: data, code, and its teacher with what that was made from in turn.
         */
        get: operations["getJobLineage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model Lineage
         * @description Where a version of a model comes from, and the jobs that learned from it.
         */
        get: operations["getModelLineage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/datasets/{name}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dataset Lineage
         * @description The jobs that trained on a data set and their students; on all versions where none is given.
         */
        get: operations["getDatasetLineage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Artifacts
         * @description The files that a job left in MLflow: its student, spec and environment.
         */
        get: operations["listArtifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/artifacts/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Artifact
         * @description One file that a job left in MLflow.
         */
        get: operations["downloadArtifact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/detections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Detections
         * @description Teacher and student on the same validation images, those first on which the teacher alone is right.
         */
        get: operations["getDetections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{name}/versions/{version}/weights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Weights
         * @description The weights of a version as a safetensors file; parts of it by `Range`. The ETag is its SHA-256.
         */
        get: operations["downloadWeights"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Projects
         * @description All projects that you may see, with their limits and how many jobs are in which state.
         */
        get: operations["listProjects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projects/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Project
         * @description One project.
         */
        get: operations["getProject"];
        /**
         * Put Project
         * @description Describe and limit a project, whether it exists or not. Limits hold for what starts from now on.
         */
        put: operations["putProject"];
        post?: never;
        /**
         * Remove Project
         * @description Forget a project that has no jobs.
         */
        delete: operations["removeProject"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recipes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Recipes
         * @description Specs that ship with Stillhouse, to start from.
         */
        get: operations["listRecipes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Cluster
         * @description What the cluster has, what is used of it and by whom, and which systems answer.
         */
        get: operations["getCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cluster/node-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Nodes
         * @description Look at every node: its clock, whether it shares storage and data, its versions. Ready within a minute.
         *
         *     A check that has not ended is answered again instead of a second one.
         */
        post: operations["checkNodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cluster/node-checks/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Node Check
         * @description A check and what it found.
         */
        get: operations["getNodeCheck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Me
         * @description Who asks, and what they may do.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tokens
         * @description One's own token and those of the projects that one administers, newest first.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Create Token
         * @description Make a token for projects that one administers. Its secret is shown this once.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Token
         * @description End a token and every session made from it, at once. Asking twice changes nothing.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In
         * @description Begin a browser session: a one-time code or a token becomes a same-site, http-only cookie.
         */
        post: operations["signIn"];
        /**
         * Sign Out
         * @description End the browser session that sent this.
         */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Sign In Code
         * @description Make a code that signs a browser in once, within ten minutes, with the rights of who asks.
         */
        post: operations["createSignInCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit
         * @description Who asked for which change, when, from where, and what came of it; newest first.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Webhooks
         * @description Webhooks of the projects that one administers, newest first.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create Webhook
         * @description Have events of a project's jobs sent to an address. The secret that signs them is shown this once.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Webhook
         * @description One webhook, without its secret.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete Webhook
         * @description Remove a webhook and its deliveries; what waits to be sent is not sent.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change Webhook
         * @description Change what is given. Enabling one that was disabled by itself gives it another chance.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Webhook
         * @description Send a message of the type `webhook.test`; how it went is in the deliveries a moment later.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Deliveries
         * @description What was sent to a webhook in the last thirty days and how each try went, newest first.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redeliver
         * @description Send a message again, under the same id.
         */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Health
         * @description This process is alive.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Readiness
         * @description Everything that is needed to serve jobs answers; else a problem that names what does not.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metrics
         * @description Queue, jobs, attempts, reconcile lag, streams and latency of the API, for Prometheus.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Action
         * @description What a person may ask of a job.
         * @enum {string}
         */
        Action: "cancel" | "pause" | "resume" | "retry";
        /**
         * Answers
         * @description What a sweep has found so far.
         */
        Answers: {
            verdict: components["schemas"]["Verdict"];
            /** Objectives */
            objectives: components["schemas"]["Objective"][];
            /**
             * Importances
             * @description The most important dimension first.
             */
            importances: components["schemas"]["Importance"][];
            /** History */
            history: components["schemas"]["BestSoFar"][];
            /**
             * Front
             * @description Pareto front over all objectives, best in the first one first.
             */
            front: components["schemas"]["FrontPoint"][];
            cost: components["schemas"]["Cost"];
        };
        /**
         * Arm
         * @description The same training under several seeds.
         */
        Arm: {
            /**
             * Trial
             * @description Trial of the search whose parameters these are; null for the baseline.
             */
            trial: number | null;
            /**
             * Parameters
             * @description Under PBT those at the end; `schedule` has all.
             */
            parameters: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Schedule
             * @description All parameters by step, where they changed on the way.
             */
            schedule: components["schemas"]["Stretch"][];
            /** Seeds */
            seeds: number[];
            /**
             * Values
             * @description The objective under each of the seeds.
             */
            values: number[];
            /** Mean */
            mean: number;
            /**
             * Spread
             * @description Standard deviation over the seeds; null for a single one.
             */
            spread: number | null;
        };
        /**
         * Artifact
         * @description A file of a job's run in MLflow.
         */
        Artifact: {
            /**
             * Path
             * @example student/student.safetensors
             */
            path: string;
            /** Size Bytes */
            size_bytes: number;
            /**
             * Sha256
             * @description Known of a student's weights; null of other files.
             */
            sha256: string | null;
            /**
             * Url
             * @description Where to download it.
             * @example /api/v1/jobs/job-k3v9x2m7qa/artifacts/spec.json
             */
            url: string;
        };
        /**
         * Artifacts
         * @description All files of a job's run, by path; none while there is no run.
         */
        Artifacts: {
            /** Items */
            items: components["schemas"]["Artifact"][];
        };
        /**
         * AshaStopping
         * @description Asynchronous successive halving: weak trials end at the rungs. It judges by the first objective.
         */
        AshaStopping: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "asha";
            /**
             * Grace Steps
             * @description No trial ends before this training step.
             * @default 200
             */
            grace_steps: number;
            /**
             * Reduction Factor
             * @description One in so many goes on at each rung.
             * @default 3
             */
            reduction_factor: number;
        };
        /**
         * AtssSpec
         * @description ATSS: one anchor per location, assigned by a threshold of each object's own; focal, GIoU and centerness loss.
         */
        AtssSpec: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "atss";
            /**
             * Backbone
             * @default {
             *       "kind": "resnet",
             *       "depths": [
             *         1,
             *         1,
             *         1,
             *         1
             *       ],
             *       "width": 16,
             *       "norm": "batch"
             *     }
             */
            backbone: components["schemas"]["ResNetSpec"] | components["schemas"]["TorchvisionBackboneSpec"];
            /**
             * Fpn Channels
             * @description Width of FPN and head.
             * @default 32
             */
            fpn_channels: number;
            /**
             * Fpn Norm
             * @description Normalisation in the pyramid.
             * @default group
             * @enum {string}
             */
            fpn_norm: "group" | "none";
            /**
             * Num Head Convs
             * @description 3x3 convolutions in each branch of the head.
             * @default 2
             */
            num_head_convs: number;
            /**
             * Head Norm
             * @description Normalisation in the head.
             * @default group
             * @enum {string}
             */
            head_norm: "group" | "none";
            /**
             * Num Levels
             * @description Pyramid levels, the finest of stride 8; the fourth and fifth are P6, P7.
             * @default 3
             */
            num_levels: number;
            /**
             * P6 From
             * @description P6 is made from the pyramid's P5 or from the backbone's last map.
             * @default p5
             * @enum {string}
             */
            p6_from: "p5" | "c5";
            /**
             * Image Mean
             * @description Subtracted from RGB pixels of 0 to 1; ImageNet's by default.
             * @default [
             *       0.485,
             *       0.456,
             *       0.406
             *     ]
             */
            image_mean: [
                number,
                number,
                number
            ];
            /**
             * Image Std
             * @description By which pixels are divided after that.
             * @default [
             *       0.229,
             *       0.224,
             *       0.225
             *     ]
             */
            image_std: [
                number,
                number,
                number
            ];
            /**
             * Prior Strides
             * @description Pixels between the priors of a level: its stride; or, as torchvision's published detectors have it, the padded image's size divided by the level's, rounded down.
             * @default exact
             * @enum {string}
             */
            prior_strides: "exact" | "floored";
            /**
             * Nms Iou
             * @description NMS drops boxes that overlap a better one by more.
             * @default 0.6
             */
            nms_iou: number;
            /**
             * Anchor Scale
             * @description Side of the anchor of a level, in strides of that level.
             * @default 8
             */
            anchor_scale: number;
            /**
             * Num Candidates
             * @description Anchors of each level, the nearest to an object, that are looked at.
             * @default 9
             */
            num_candidates: number;
        };
        /**
         * AttemptView
         * @description One try of a job on the cluster.
         */
        AttemptView: {
            /** Number */
            number: number;
            /**
             * State
             * @enum {string}
             */
            state: "starting" | "running" | "succeeded" | "failed" | "cancelled" | "stopped" | "lost";
            /**
             * Submission Id
             * @description Id of the submission in Ray.
             * @example job-k3v9x2m7qa-1
             */
            submission_id: string;
            /** Submitted At */
            submitted_at: string | null;
            /** Started At */
            started_at: string | null;
            /** Heartbeat At */
            heartbeat_at: string | null;
            /** Ended At */
            ended_at: string | null;
            /** Cause */
            cause: ("bad_input" | "out_of_memory" | "internal" | "infrastructure" | "user") | null;
            /** Reason */
            reason: string;
        };
        /**
         * AuditEntry
         * @description One request that changed something, or wanted to.
         */
        AuditEntry: {
            /** Id */
            id: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Principal
             * @description Who asked; null where nobody was recognised.
             * @example ada
             */
            principal: string | null;
            /**
             * Token Id
             * @description The token by which they were recognised, also of a browser session.
             */
            token_id: string | null;
            /**
             * Operation
             * @description null where the request found no operation.
             * @example cancelJob
             */
            operation: string | null;
            /**
             * Method
             * @example POST
             */
            method: string;
            /**
             * Target
             * @description Path of the request, or of what it made; no query.
             * @example /api/v1/jobs/job-k3v9x2m7qa
             */
            target: string;
            /**
             * Status
             * @description What it was answered.
             * @example 200
             */
            status: number;
            /**
             * Request Id
             * @example req-4f9c2a7b1d
             */
            request_id: string;
            /**
             * Client
             * @description Address from which it came.
             * @example 127.0.0.1
             */
            client: string | null;
        };
        /**
         * AuditPage
         * @description Entries of the audit log, newest first.
         */
        AuditPage: {
            /** Items */
            items: components["schemas"]["AuditEntry"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * Baseline
         * @description The best training without a teacher that a distillation can be held against.
         */
        Baseline: {
            /**
             * Id
             * @example job-a2b3c4d5e6
             */
            id: string;
            /**
             * Name
             * @example digits, baseline
             */
            name: string;
            /**
             * Best Ap
             * @description Its highest val/AP, in percent.
             * @example 38.2
             */
            best_ap: number;
        };
        /**
         * Baselines
         * @description What the jobs that were asked for gain over.
         */
        Baselines: {
            /**
             * By Job
             * @description By id of the job; jobs without a teacher, or without such a training, are left out.
             */
            by_job: {
                [key: string]: components["schemas"]["Baseline"];
            };
        };
        /**
         * BestSoFar
         * @description A trial that was better than all that ended before it.
         */
        BestSoFar: {
            /** Trial */
            trial: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Value */
            value: number;
        };
        /**
         * BoxSizes
         * @description Boxes by area, as COCO tells them: small below 32 x 32 px, large from 96 x 96 px on.
         */
        BoxSizes: {
            /** Small */
            small: number;
            /** Medium */
            medium: number;
            /** Large */
            large: number;
        };
        /**
         * Budget
         * @description When the search ends before all its trials. The controls and repeats that follow are not counted.
         */
        Budget: {
            /**
             * Wall S
             * @description Seconds from the start of the first trial.
             */
            wall_s?: number | null;
            /**
             * Gpu Hours
             * @description Hours of GPUs that trials held; of CPU cores where a trial holds no GPU.
             */
            gpu_hours?: number | null;
            /**
             * Patience Trials
             * @description Ended trials in a row without an improvement of the best.
             */
            patience_trials?: number | null;
            /**
             * Min Improvement
             * @description What counts as one, in units of the objective.
             * @default 0
             */
            min_improvement: number;
        };
        /**
         * BulkItem
         * @description What became of one job: its state, or a problem.
         */
        BulkItem: {
            /** Id */
            id: string;
            /** @description The state after the action; null where there was a problem. */
            state: components["schemas"]["JobState"] | null;
            problem: components["schemas"]["BulkProblem"] | null;
        };
        /**
         * BulkProblem
         * @description Why the action was refused for one job.
         */
        BulkProblem: {
            /**
             * Status
             * @description What the same action on this job alone would have answered.
             * @example 409
             */
            status: number;
            /** Title */
            title: string;
            /**
             * Detail
             * @example job-k3v9x2m7qa has succeeded and cannot be cancelled
             */
            detail: string;
        };
        /**
         * BulkRequest
         * @description One action on many jobs and sweeps.
         */
        BulkRequest: {
            action: components["schemas"]["Action"];
            /**
             * Ids
             * @example [
             *       "job-k3v9x2m7qa",
             *       "sweep-a2b3c4d5e6"
             *     ]
             */
            ids: string[];
            /**
             * From Scratch
             * @description For retries; see `retryJob`.
             * @default false
             */
            from_scratch: boolean;
        };
        /**
         * BulkResult
         * @description Answers by id, in the order in which they were asked for; an id that came twice is answered once.
         */
        BulkResult: {
            /** Items */
            items: components["schemas"]["BulkItem"][];
        };
        /**
         * CacheSpec
         * @description Teacher outputs that are computed once for each image and shared by epochs, jobs and trials.
         */
        CacheSpec: {
            /**
             * Max Gb
             * @description Disk budget of all cached outputs; what does not fit is not cached.
             * @default 4
             */
            max_gb: number;
            /**
             * Storage
             * @description float16 takes half the disk, and the result is no longer the same to the bit.
             * @default exact
             * @enum {string}
             */
            storage: "exact" | "float16";
        };
        /**
         * Change
         * @description Values that hold from a step on.
         */
        Change: {
            /**
             * From Step
             * @description The first step with these values, counted from 0.
             * @example 400
             */
            from_step: number;
            /**
             * Values
             * @description By the path of their fields. What can change: optimizer.learning_rate, optimizer.weight_decay, optimizer.momentum, optimizer.max_gradient_norm, ema_decay, and weight, temperature and beta of a loss.
             * @example {
             *       "distillation.losses.feature_imitation.weight": 100
             *     }
             */
            values: {
                [key: string]: number;
            };
        };
        /**
         * ChannelWise
         * @description CWD (Shu et al., 2021): each channel's distribution over the map is imitated.
         */
        ChannelWise: {
            /**
             * Name
             * @default channel_wise
             */
            name: string;
            /**
             * Weight
             * @default 1
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "channel_wise";
            /**
             * Temperature
             * @description Above 1 softens the distributions.
             * @default 1
             */
            temperature: number;
        };
        /**
         * CheckState
         * @description How a version of a data set or model stands.
         * @enum {string}
         */
        CheckState: "checking" | "ready" | "refused";
        /**
         * Choice
         * @description One of several values.
         */
        Choice: {
            /**
             * When
             * @description Other dimensions and the values at which this one exists; without it, always.
             * @default {}
             * @example {
             *       "distillation.losses": [
             *         "RM",
             *         "RM + PFI"
             *       ]
             *     }
             */
            when: {
                [key: string]: (number | string | boolean)[];
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "choice";
            /** Values */
            values: (number | string | boolean)[];
        };
        /**
         * ClassCount
         * @description How often one class occurs in a split.
         */
        ClassCount: {
            /** Name */
            name: string;
            /** Category Id */
            category_id: number;
            /**
             * Instances
             * @description Boxes, without crowds and difficult objects.
             */
            instances: number;
            /**
             * Images
             * @description Images with at least one of them.
             */
            images: number;
        };
        /**
         * CloneRequest
         * @description What shall be different from the job that is cloned.
         */
        CloneRequest: {
            /**
             * Edits
             * @description JSON merge patch (RFC 7396) over the spec: objects are merged, lists replaced, null removes a key and so brings its default back.
             * @default {}
             * @example {
             *       "name": "digits, PFI 300",
             *       "training": {
             *         "num_steps": 1600
             *       }
             *     }
             */
            edits: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /**
         * Cluster
         * @description What the Ray cluster has, and how the systems around it fare. Numbers are null while Ray does not answer.
         */
        Cluster: {
            /** Cpus Total */
            cpus_total: number | null;
            /** Cpus Used */
            cpus_used: number | null;
            /** Gpus Total */
            gpus_total: number | null;
            /** Gpus Used */
            gpus_used: number | null;
            /**
             * Ray State
             * @enum {string}
             */
            ray_state: "up" | "down";
            /**
             * Mlflow State
             * @enum {string}
             */
            mlflow_state: "up" | "down";
            /**
             * Reconciler State
             * @description Whether a reconciler holds the lease.
             * @enum {string}
             */
            reconciler_state: "up" | "down";
            /**
             * Nodes
             * @description The head first; none while Ray does not answer.
             */
            nodes: components["schemas"]["ClusterNode"][];
            /**
             * Holders
             * @description What runs of the projects that one may see, the largest first.
             */
            holders: components["schemas"]["Holding"][];
            /** Version */
            version: string;
        };
        /**
         * ClusterNode
         * @description A living node and what it has in all.
         */
        ClusterNode: {
            /**
             * Id
             * @description Ray's id of the node.
             */
            id: string;
            /**
             * Name
             * @description Its host name or address; empty where Ray does not say.
             * @example 10.0.3.17
             */
            name: string;
            /** Is Head */
            is_head: boolean;
            /** Cpus */
            cpus: number;
            /** Gpus */
            gpus: number;
        };
        /**
         * ComparedDetection
         * @description A detection of one of the two models.
         */
        ComparedDetection: {
            /** Label */
            label: string;
            /**
             * Box Xyxy
             * @description Left, top, right and bottom in pixels of the picture.
             */
            box_xyxy: number[];
            /** Score */
            score: number;
            /**
             * Instance
             * @description Which instance it is on, by place in the list; null: on none.
             */
            instance: number | null;
        };
        /**
         * ComparedImage
         * @description One image with its truth and what both models say about it.
         */
        ComparedImage: {
            /** File Name */
            file_name: string;
            /**
             * Picture
             * @description The artifact that shows it.
             * @example diagnostics/image-00000007.jpg
             */
            picture: string;
            /**
             * Width
             * @description Of the picture that the boxes are drawn in, in pixels.
             */
            width: number;
            /** Height */
            height: number;
            /** Instances */
            instances: components["schemas"]["ComparedInstance"][];
            /**
             * Teacher
             * @description Best first.
             */
            teacher: components["schemas"]["ComparedDetection"][];
            /** Student */
            student: components["schemas"]["ComparedDetection"][];
        };
        /**
         * ComparedInstance
         * @description An annotated object, and who found it.
         */
        ComparedInstance: {
            /** Label */
            label: string;
            /**
             * Box Xyxy
             * @description Left, top, right and bottom in pixels of the picture.
             */
            box_xyxy: number[];
            /**
             * Size
             * @description By its area in the original image: below 32², below 96², or larger, as COCO.
             * @enum {string}
             */
            size: "small" | "medium" | "large";
            /**
             * Teacher
             * @description The teacher has a detection of its class on it.
             */
            teacher: boolean;
            /** Student */
            student: boolean;
        };
        /**
         * Constraint
         * @description A bound on a metric: a trial beyond it is not chosen.
         */
        Constraint: {
            /**
             * Metric
             * @example cost/student_parameters
             */
            metric: string;
            /** At Least */
            at_least?: number | null;
            /** At Most */
            at_most?: number | null;
        };
        /**
         * Controls
         * @description What makes the answer convincing: the student without distillation, and the best trials under more seeds.
         */
        Controls: {
            /**
             * Baseline
             * @description Train the student without distillation too, at the same budget and seeds.
             * @default true
             */
            baseline: boolean;
            /**
             * Num Finalists
             * @description Best trials that are repeated under more seeds.
             * @default 2
             */
            num_finalists: number;
            /**
             * Num Seeds
             * @description Seeds of the baseline and of each finalist.
             * @default 3
             */
            num_seeds: number;
            /**
             * Confidence
             * @description Of the interval around the gain.
             * @default 0.95
             */
            confidence: number;
        };
        /**
         * Cost
         * @description What the trials took, and what early stopping saved.
         */
        Cost: {
            /**
             * Hours
             * @description Hours for which trials held their GPUs, or their CPU cores where they had none.
             */
            hours: number;
            /**
             * Of
             * @description What is counted.
             * @example GPU
             * @example CPU
             */
            of: string;
            /**
             * Steps
             * @description Training steps that were made.
             */
            steps: number;
            /**
             * Full Steps
             * @description Steps that the same trials would have made without early stopping.
             */
            full_steps: number;
            /**
             * Saved
             * @description Share of the full steps that early stopping saved.
             * @example 0.3
             */
            saved: number;
        };
        /**
         * CreatedToken
         * @description A new token; nobody can ask for its secret again.
         */
        CreatedToken: {
            /**
             * Id
             * @example tok-k3v9x2m7qa
             */
            id: string;
            /** Name */
            name: string;
            /**
             * Prefix
             * @description How the secret begins.
             * @example still_Ab3dE9
             */
            prefix: string;
            /**
             * Roles
             * @description Role in each project; `*` stands for every project, also those to come.
             * @example {
             *       "cars": "viewer",
             *       "default": "editor"
             *     }
             */
            roles: {
                [key: string]: components["schemas"]["Role"];
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Expires At */
            expires_at: string | null;
            /** Revoked At */
            revoked_at: string | null;
            /**
             * Last Used At
             * @description To the minute.
             */
            last_used_at: string | null;
            /**
             * Secret
             * @description Send it as `Authorization: Bearer <secret>`. Shown this once.
             */
            secret: string;
        };
        /**
         * CreatedWebhook
         * @description A new webhook with its secret, which is shown this once.
         */
        CreatedWebhook: {
            /**
             * Id
             * @example hook-k3v9x2m7qa
             */
            id: string;
            /** Project */
            project: string;
            /** Url */
            url: string;
            /** States */
            states: components["schemas"]["JobState"][];
            /** Enabled */
            enabled: boolean;
            /**
             * Disabled Reason
             * @description Why it was disabled by itself.
             * @example nothing got through for a day: it answered 500
             */
            disabled_reason: string | null;
            /**
             * Failing Since
             * @description First failure since something last got through.
             */
            failing_since: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * Secret
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
             */
            secret: string;
        };
        /**
         * CrossHead
         * @description CrossKD (Wang et al., 2024): the student's class features go through the teacher's last layers and are taught
         *     there, so that its own class branch follows the labels alone.
         */
        CrossHead: {
            /**
             * Name
             * @default cross_head
             */
            name: string;
            /**
             * Weight
             * @default 1
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "cross_head";
            /**
             * Num Teacher Convs
             * @description Convolutions of the teacher's class branch before its predicting one.
             * @default 1
             */
            num_teacher_convs: number;
            /**
             * Beta
             * @description How much less the places count where both agree; the paper's is 1.
             * @default 1
             */
            beta: number;
        };
        /**
         * CurvesOfJob
         * @description Curves of one job among several.
         */
        CurvesOfJob: {
            /**
             * Id
             * @example job-k3v9x2m7qa
             */
            id: string;
            /** Series */
            series: components["schemas"]["MetricSeries"][];
        };
        /**
         * CurvesOfJobs
         * @description Curves of several jobs, the oldest job first. Ids that name no job that may be seen are left out.
         */
        CurvesOfJobs: {
            /** Items */
            items: components["schemas"]["CurvesOfJob"][];
        };
        /**
         * DataOrigin
         * @description What a job trained on.
         */
        DataOrigin: {
            /**
             * Dataset
             * @description Name and version; null where the spec gave paths.
             * @example digits@2
             */
            dataset: string | null;
            /**
             * Hash
             * @description Content hash that was verified when each attempt started.
             */
            hash: string | null;
            train: components["schemas"]["SplitSpec"] | null;
            val: components["schemas"]["SplitSpec"] | null;
        };
        /**
         * DataSpec
         * @description Where the training and validation images are, and what is done to them on the way in.
         *
         *     Either `train` and `val`, or the name of a registered `dataset`: at submit the service fills in the rest.
         */
        DataSpec: {
            train?: components["schemas"]["SplitSpec"] | null;
            val?: components["schemas"]["SplitSpec"] | null;
            /**
             * Dataset
             * @description A registered data set, with or without its version; stored with the version that was found.
             * @example digits@2
             */
            dataset?: string | null;
            /**
             * Hash
             * @description Content hash that the data must have when an attempt starts; set from `dataset`.
             */
            hash?: string | null;
            /**
             * Image Size Px
             * @description Longer side after resizing; images keep their shape and are padded to a common multiple.
             * @default 96
             */
            image_size_px: number;
            /**
             * Short Side Px
             * @description Shorter side after resizing, unless the longer one would exceed image_size_px; by default only the longer side counts. COCO's usual sizes are 800 and 1333.
             */
            short_side_px?: number | null;
            /**
             * Horizontal Flip
             * @description Probability of mirroring an image.
             * @default 0
             */
            horizontal_flip: number;
            /**
             * Scale Range
             * @description Training images are resized by a factor drawn from here on top (multi-scale).
             * @default [
             *       1,
             *       1
             *     ]
             */
            scale_range: [
                number,
                number
            ];
            /**
             * Photometric
             * @description Probability of changing brightness, contrast, saturation and hue.
             * @default 0
             */
            photometric: number;
            /**
             * Num Workers
             * @description Processes that read images; 0 keeps decoded images in memory.
             * @default 0
             */
            num_workers: number;
        };
        /**
         * Dataset
         * @description One version of a data set with what its check found.
         */
        Dataset: {
            /**
             * Name
             * @example digits
             */
            name: string;
            /** Project */
            project: string;
            /**
             * Version
             * @example 2
             */
            version: number;
            /** @description Jobs may name it once it is ready. */
            state: components["schemas"]["CheckState"];
            /**
             * Reason
             * @description Why it is in this state, for people; empty where all is well.
             * @example training: 3 image files missing (for example 00017.png)
             */
            reason: string;
            /** Description */
            description: string;
            train: components["schemas"]["SplitSpec"];
            val: components["schemas"]["SplitSpec"];
            /**
             * Hash
             * @description SHA-256 of its content; null until it is ready.
             */
            hash: string | null;
            /** @description What the newest check found; null before the first. */
            report: components["schemas"]["DatasetReport"] | null;
            /**
             * Num Samples
             * @description Sample images that can be looked at.
             */
            num_samples: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Checked At */
            checked_at: string | null;
            /**
             * Versions
             * @description All versions, newest first.
             */
            versions: components["schemas"]["DatasetVersion"][];
        };
        /**
         * DatasetLineage
         * @description What came of a data set.
         */
        DatasetLineage: {
            /**
             * Descendants
             * @description Jobs that trained on it, newest first; at most 200.
             */
            descendants: components["schemas"]["Descendant"][];
        };
        /**
         * DatasetPage
         * @description A page of data sets, newest first.
         */
        DatasetPage: {
            /** Items */
            items: components["schemas"]["DatasetSummary"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * DatasetReport
         * @description What a check found in a data set.
         */
        DatasetReport: {
            /**
             * Kind
             * @default dataset
             * @constant
             */
            kind: "dataset";
            /** @description null where its annotations could not be read. */
            train: components["schemas"]["SplitReport"] | null;
            val: components["schemas"]["SplitReport"] | null;
            /** Findings */
            findings: components["schemas"]["Finding"][];
            /**
             * Hash
             * @description SHA-256 of the content; null where something could not be read.
             */
            hash: string | null;
            /**
             * Hash Covers
             * @description What of the image files is in the hash: bytes up to 1 GiB in all, else names and sizes. The annotation files are in it byte by byte.
             * @enum {string}
             */
            hash_covers: "bytes" | "names and sizes";
        };
        /**
         * DatasetSample
         * @description One image of a data set with its boxes.
         */
        DatasetSample: {
            /** Index */
            index: number;
            /**
             * Split
             * @enum {string}
             */
            split: "train" | "val";
            /** File Name */
            file_name: string;
            /**
             * Width
             * @description Of the original image, to which the boxes belong; the thumbnail may be smaller.
             */
            width: number;
            /** Height */
            height: number;
            /**
             * Image Url
             * @description Path of the thumbnail.
             * @example /api/v1/datasets/digits/samples/0/image
             */
            image_url: string;
            /** Boxes */
            boxes: components["schemas"]["SampleBox"][];
        };
        /** DatasetSamples */
        DatasetSamples: {
            /** Items */
            items: components["schemas"]["DatasetSample"][];
        };
        /**
         * DatasetSummary
         * @description The newest version of a data set, as lists show it.
         */
        DatasetSummary: {
            /** Name */
            name: string;
            /** Project */
            project: string;
            /** Version */
            version: number;
            state: components["schemas"]["CheckState"];
            /** Reason */
            reason: string;
            /** Description */
            description: string;
            /**
             * Num Classes
             * @description null until a check has read the annotations.
             */
            num_classes: number | null;
            /** Num Train Images */
            num_train_images: number | null;
            /** Num Val Images */
            num_val_images: number | null;
            /** Num Instances */
            num_instances: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * DatasetVersion
         * @description A version of a data set, in short.
         */
        DatasetVersion: {
            /** Version */
            version: number;
            state: components["schemas"]["CheckState"];
            /** Reason */
            reason: string;
            /** Hash */
            hash: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
        };
        /**
         * Delivery
         * @description One message to a webhook.
         */
        Delivery: {
            /**
             * Id
             * @description The header `webhook-id`; the same in every try.
             * @example msg-k3v9x2m7qak3v9x2
             */
            id: string;
            /** Webhook Id */
            webhook_id: string;
            /**
             * Event Id
             * @description Id of the job's event; null for a test.
             */
            event_id: number | null;
            /**
             * Kind
             * @description The `type` in the body.
             * @example job.succeeded
             */
            kind: string;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "delivered" | "failed";
            /** Num Tries */
            num_tries: number;
            /**
             * Tries
             * @description The newest twenty, oldest first.
             */
            tries: components["schemas"]["Try"][];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Next Try At */
            next_try_at: string | null;
            /**
             * Give Up At
             * Format: date-time
             * @description After that it is not tried again.
             */
            give_up_at: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Body
             * @description The JSON that is sent.
             */
            body: string;
        };
        /**
         * DeliveryPage
         * @description Deliveries of a webhook, newest first.
         */
        DeliveryPage: {
            /** Items */
            items: components["schemas"]["Delivery"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * Descendant
         * @description A job that learned from a model or a data set, and its student.
         */
        Descendant: {
            /** Job Id */
            job_id: string;
            /** Job Name */
            job_name: string;
            /** Kind */
            kind: string;
            state: components["schemas"]["JobState"];
            /**
             * Input
             * @description What it named.
             * @example digits-teacher@3
             */
            input: string;
            /**
             * Students
             * @description The models that its student is a version of.
             * @example [
             *       "digits@4"
             *     ]
             */
            students: string[];
            /** Metrics */
            metrics: {
                [key: string]: number;
            };
        };
        /**
         * DetectionComparison
         * @description Teacher and student on the validation images of the diagnostics, at one evaluation.
         *
         *     The images on which the teacher is right and the student wrong come first.
         */
        DetectionComparison: {
            /**
             * Version
             * @default 1
             * @constant
             */
            version: 1;
            /** Step */
            step: number;
            /**
             * Min Score
             * @description Detections below are left out.
             */
            min_score: number;
            /**
             * Min Iou
             * @description A detection is on an instance of its class where they overlap by this.
             */
            min_iou: number;
            /** Images */
            images: components["schemas"]["ComparedImage"][];
        };
        /**
         * Detections
         * @description Teacher and student side by side on some validation images.
         */
        Detections: {
            /**
             * Steps
             * @description Evaluations that left one, in order.
             * @example [
             *       200,
             *       400,
             *       800
             *     ]
             */
            steps: number[];
            /** @description Null where the job has left none yet. */
            comparison: components["schemas"]["DetectionComparison"] | null;
        };
        /**
         * DiagnosticsSpec
         * @description What is measured at each evaluation to see how the student learns; it never changes the training.
         */
        DiagnosticsSpec: {
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /**
             * Num Images
             * @description Validation images on which ranks and maps of both models are compared.
             * @default 16
             */
            num_images: number;
        };
        /**
         * DistillationSpec
         * @description The teacher and the losses by which the student learns from it, added to the detector's own loss.
         */
        DistillationSpec: {
            teacher: components["schemas"]["TeacherSpec"];
            /**
             * Losses
             * @default [
             *       {
             *         "name": "rank_mimicking",
             *         "weight": 4,
             *         "ramp": "none",
             *         "ramp_steps": 0,
             *         "start_step": 0,
             *         "kind": "rank_mimicking",
             *         "rank_by": "class",
             *         "temperature": 1,
             *         "space": "scores"
             *       },
             *       {
             *         "name": "feature_imitation",
             *         "weight": 1.5,
             *         "ramp": "none",
             *         "ramp_steps": 0,
             *         "start_step": 0,
             *         "kind": "feature_imitation",
             *         "space": "scores",
             *         "reduction": "mean",
             *         "detach_weight": false,
             *         "normalize": false
             *       }
             *     ]
             */
            losses: (components["schemas"]["RankMimicking"] | components["schemas"]["FeatureImitation"] | components["schemas"]["SoftLabels"] | components["schemas"]["RegionImitation"] | components["schemas"]["PearsonImitation"] | components["schemas"]["ChannelWise"] | components["schemas"]["CrossHead"] | components["schemas"]["LocalisationDistillation"])[];
            /** @description Keep teacher outputs on disk; worth it where images are padded to one size. */
            cache?: components["schemas"]["CacheSpec"] | null;
        };
        /**
         * DistributedSpec
         * @description How many processes share every batch. The result does not depend on it but for rounding, and for BatchNorm's
         *     statistics, which are each process's own.
         */
        DistributedSpec: {
            /**
             * World Size
             * @description Processes, each with a GPU of its own where there are GPUs. One machine starts them itself; on several, torchrun does, or a job with `nodes`.
             * @default 1
             */
            world_size: number;
        };
        /**
         * EvaluateOn
         * @description Images on which the check measures the model's AP.
         */
        EvaluateOn: {
            /**
             * Dataset
             * @example digits@1
             */
            dataset: string;
            /**
             * Max Images
             * @description At most so many of its validation images.
             * @default 100
             */
            max_images: number;
        };
        /**
         * Event
         * @description One change of a job.
         */
        Event: {
            /** Id */
            id: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** @description null for the event that made the job. */
            from_state: components["schemas"]["JobState"] | null;
            to_state: components["schemas"]["JobState"];
            /**
             * Cause
             * @description What happened, in words.
             * @example attempt 1 gave its first sign of life
             */
            cause: string;
            /**
             * Actor
             * @description Who asked for the change: the name of a principal, or `reconciler`.
             * @example owner
             */
            actor: string;
            /** Attempt */
            attempt: number | null;
        };
        /**
         * EventPage
         * @description Events of a job, oldest first.
         */
        EventPage: {
            /** Items */
            items: components["schemas"]["Event"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for what comes after; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * Exploit
         * @description A trial gave up its weights and went on from the checkpoint of one that was ahead, with perturbed values.
         */
        Exploit: {
            /**
             * Step
             * @description Where the trial stood.
             * @example 400
             */
            step: number;
            /**
             * Objective
             * @description What it had reached; null where that was not finite.
             */
            objective: number | null;
            /**
             * From Trial
             * @description The trial that was ahead.
             * @example 5
             */
            from_trial: number;
            /**
             * From Step
             * @description The checkpoint of that trial.
             * @example 400
             */
            from_step: number;
            /** From Objective */
            from_objective: number;
            /** Parameters Before */
            parameters_before: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Parameters After */
            parameters_after: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Mlflow Run Id
             * @description The run of what was given up; a new one holds what came after.
             */
            mlflow_run_id: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /**
         * ExportSpec
         * @description What is made of a finished student besides its weights.
         */
        ExportSpec: {
            /**
             * Onnx
             * @description Write the student as ONNX, too; takes from some seconds to a minute at the end of the job.
             * @default false
             */
            onnx: boolean;
        };
        /**
         * FcosSpec
         * @description FCOS: points instead of anchors, assigned near the object's centre; focal, GIoU and centerness loss.
         */
        FcosSpec: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "fcos";
            /**
             * Backbone
             * @default {
             *       "kind": "resnet",
             *       "depths": [
             *         1,
             *         1,
             *         1,
             *         1
             *       ],
             *       "width": 16,
             *       "norm": "batch"
             *     }
             */
            backbone: components["schemas"]["ResNetSpec"] | components["schemas"]["TorchvisionBackboneSpec"];
            /**
             * Fpn Channels
             * @description Width of FPN and head.
             * @default 32
             */
            fpn_channels: number;
            /**
             * Fpn Norm
             * @description Normalisation in the pyramid.
             * @default group
             * @enum {string}
             */
            fpn_norm: "group" | "none";
            /**
             * Num Head Convs
             * @description 3x3 convolutions in each branch of the head.
             * @default 2
             */
            num_head_convs: number;
            /**
             * Head Norm
             * @description Normalisation in the head.
             * @default group
             * @enum {string}
             */
            head_norm: "group" | "none";
            /**
             * Num Levels
             * @description Pyramid levels, the finest of stride 8; the fourth and fifth are P6, P7.
             * @default 3
             */
            num_levels: number;
            /**
             * P6 From
             * @description P6 is made from the pyramid's P5 or from the backbone's last map.
             * @default p5
             * @enum {string}
             */
            p6_from: "p5" | "c5";
            /**
             * Image Mean
             * @description Subtracted from RGB pixels of 0 to 1; ImageNet's by default.
             * @default [
             *       0.485,
             *       0.456,
             *       0.406
             *     ]
             */
            image_mean: [
                number,
                number,
                number
            ];
            /**
             * Image Std
             * @description By which pixels are divided after that.
             * @default [
             *       0.229,
             *       0.224,
             *       0.225
             *     ]
             */
            image_std: [
                number,
                number,
                number
            ];
            /**
             * Prior Strides
             * @description Pixels between the priors of a level: its stride; or, as torchvision's published detectors have it, the padded image's size divided by the level's, rounded down.
             * @default exact
             * @enum {string}
             */
            prior_strides: "exact" | "floored";
            /**
             * Nms Iou
             * @description NMS drops boxes that overlap a better one by more.
             * @default 0.6
             */
            nms_iou: number;
            /**
             * Center Radius
             * @description Points within so many strides of an object's centre are positive.
             * @default 1.5
             */
            center_radius: number;
            /**
             * Regression Range
             * @description A level takes objects whose farthest side is at most so many strides away, and at least half.
             * @default 8
             */
            regression_range: number;
        };
        /**
         * FeatureImitation
         * @description Prediction-guided feature imitation (PFI): imitate features where the predictions differ.
         */
        FeatureImitation: {
            /**
             * Name
             * @default feature_imitation
             */
            name: string;
            /**
             * Weight
             * @description beta of the paper, whose value is 1.5.
             * @default 1.5
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "feature_imitation";
            /**
             * Space
             * @description Compare predictions as probabilities or as logits.
             * @default scores
             * @enum {string}
             */
            space: "scores" | "logits";
            /**
             * Reduction
             * @description Mean over the map, or the L2 norm over the map divided by its area.
             * @default mean
             * @enum {string}
             */
            reduction: "mean" | "l2";
            /**
             * Detach Weight
             * @description Let no gradient flow through the prediction difference.
             * @default false
             */
            detach_weight: boolean;
            /**
             * Normalize
             * @description Divide the prediction difference by its mean over each level.
             * @default false
             */
            normalize: boolean;
        };
        /**
         * FieldError
         * @description One wrong field of a request.
         */
        FieldError: {
            /**
             * Field
             * @description Dotted path of the field.
             * @example training.student.fpn_channels
             */
            field: string;
            /**
             * Message
             * @description What is wrong, for people.
             * @example Input should be a multiple of 8
             */
            message: string;
            /**
             * @description The value that was sent; null where there was none.
             * @example 30
             */
            found: components["schemas"]["JsonValue"];
            /**
             * Wanted
             * @description What is allowed, in words.
             * @example a whole number from 16 to 512, a multiple of 8
             */
            wanted: string | null;
        };
        /**
         * Finding
         * @description Something that is wrong, or that people should know.
         */
        Finding: {
            /**
             * Code
             * @description Kind of finding, stable.
             * @example box_outside
             */
            code: string;
            /**
             * Severity
             * @description A data set or model with an error is refused.
             * @enum {string}
             */
            severity: "error" | "warning";
            /**
             * Split
             * @description null where it is about both splits.
             */
            split?: ("train" | "val") | null;
            /**
             * Count
             * @description How often it was found.
             */
            count: number;
            /**
             * Message
             * @description What was found and what was wanted, in words.
             * @example 2 boxes stick out of their image by more than 2 px or 2% of its side
             */
            message: string;
            /**
             * Examples
             * @description The first few places.
             * @default []
             */
            examples: string[];
        };
        /**
         * FrontPoint
         * @description A trial that no other beats in every objective.
         */
        FrontPoint: {
            /** Trial */
            trial: number;
            /**
             * Values
             * @description One for each objective, in the order of `objectives`.
             */
            values: number[];
        };
        /**
         * Gain
         * @description What the winner gains over the baseline, paired by seed.
         */
        Gain: {
            /**
             * Mean
             * @description In units of the objective (AP: percent), positive where the winner is better.
             */
            mean: number;
            /**
             * Low
             * @description Lower end of the confidence interval; null where there is one seed only.
             */
            low: number | null;
            /** High */
            high: number | null;
            /**
             * Confidence
             * @example 0.95
             */
            confidence: number;
            /**
             * Seeds
             * @description Seeds that both were trained under.
             */
            seeds: number[];
        };
        /**
         * GflSpec
         * @description GFL: ATSS's anchors; scores that say how good the box is, and sides as distributions over distances.
         */
        GflSpec: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "gfl";
            /**
             * Backbone
             * @default {
             *       "kind": "resnet",
             *       "depths": [
             *         1,
             *         1,
             *         1,
             *         1
             *       ],
             *       "width": 16,
             *       "norm": "batch"
             *     }
             */
            backbone: components["schemas"]["ResNetSpec"] | components["schemas"]["TorchvisionBackboneSpec"];
            /**
             * Fpn Channels
             * @description Width of FPN and head.
             * @default 32
             */
            fpn_channels: number;
            /**
             * Fpn Norm
             * @description Normalisation in the pyramid.
             * @default group
             * @enum {string}
             */
            fpn_norm: "group" | "none";
            /**
             * Num Head Convs
             * @description 3x3 convolutions in each branch of the head.
             * @default 2
             */
            num_head_convs: number;
            /**
             * Head Norm
             * @description Normalisation in the head.
             * @default group
             * @enum {string}
             */
            head_norm: "group" | "none";
            /**
             * Num Levels
             * @description Pyramid levels, the finest of stride 8; the fourth and fifth are P6, P7.
             * @default 3
             */
            num_levels: number;
            /**
             * P6 From
             * @description P6 is made from the pyramid's P5 or from the backbone's last map.
             * @default p5
             * @enum {string}
             */
            p6_from: "p5" | "c5";
            /**
             * Image Mean
             * @description Subtracted from RGB pixels of 0 to 1; ImageNet's by default.
             * @default [
             *       0.485,
             *       0.456,
             *       0.406
             *     ]
             */
            image_mean: [
                number,
                number,
                number
            ];
            /**
             * Image Std
             * @description By which pixels are divided after that.
             * @default [
             *       0.229,
             *       0.224,
             *       0.225
             *     ]
             */
            image_std: [
                number,
                number,
                number
            ];
            /**
             * Prior Strides
             * @description Pixels between the priors of a level: its stride; or, as torchvision's published detectors have it, the padded image's size divided by the level's, rounded down.
             * @default exact
             * @enum {string}
             */
            prior_strides: "exact" | "floored";
            /**
             * Nms Iou
             * @description NMS drops boxes that overlap a better one by more.
             * @default 0.6
             */
            nms_iou: number;
            /**
             * Anchor Scale
             * @description Side of the anchor of a level, in strides of that level.
             * @default 8
             */
            anchor_scale: number;
            /**
             * Num Candidates
             * @description Anchors of each level, the nearest to an object, that are looked at.
             * @default 9
             */
            num_candidates: number;
            /**
             * Num Bins
             * @description Bins of a side's distribution: distances of 0, 1, 2 ... strides.
             * @default 17
             */
            num_bins: number;
        };
        /**
         * GridSearch
         * @description Every combination, in order.
         */
        GridSearch: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "grid";
            /**
             * Points
             * @description Values of a range that are tried.
             * @default 5
             */
            points: number;
        };
        /** Health */
        Health: {
            /**
             * Status
             * @constant
             */
            status: "ok";
            /** Version */
            version: string;
        };
        /**
         * Holding
         * @description A job or sweep that runs, and what it holds in all.
         */
        Holding: {
            /** Job Id */
            job_id: string;
            /** Job Name */
            job_name: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "job" | "sweep";
            /** Project */
            project: string;
            state: components["schemas"]["JobState"];
            /** Priority */
            priority: number;
            /** Cpus */
            cpus: number;
            /** Gpus */
            gpus: number;
            /**
             * Node Id
             * @description Node of its process; null until that is known. Trials of a sweep may be on others.
             */
            node_id: string | null;
            /**
             * Since
             * @description When its newest attempt gave its first sign of life.
             */
            since: string | null;
        };
        /** ImageSize */
        ImageSize: {
            /** Width */
            width: number;
            /** Height */
            height: number;
            /** Images */
            images: number;
        };
        /**
         * Importance
         * @description The share of one dimension.
         */
        Importance: {
            /**
             * Path
             * @example distillation.losses.feature_imitation.weight
             */
            path: string;
            /**
             * Importance
             * @description From 0 to 1, 1 in all; null where too few trials have the dimension.
             */
            importance: number | null;
            /**
             * Num Trials
             * @description Trials from which it was estimated.
             */
            num_trials: number;
        };
        /**
         * Integer
         * @description A whole number between two bounds, both included.
         */
        Integer: {
            /**
             * When
             * @description Other dimensions and the values at which this one exists; without it, always.
             * @default {}
             * @example {
             *       "distillation.losses": [
             *         "RM",
             *         "RM + PFI"
             *       ]
             *     }
             */
            when: {
                [key: string]: (number | string | boolean)[];
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "integer";
            /** Low */
            low: number;
            /** High */
            high: number;
            /**
             * Log
             * @description Sample the logarithm evenly.
             * @default false
             */
            log: boolean;
        };
        /**
         * Job
         * @description A job or a sweep with everything that is known of it.
         */
        Job: {
            /**
             * Id
             * @example job-k3v9x2m7qa
             */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "job" | "sweep";
            /**
             * Name
             * @example digits, RM and PFI
             */
            name: string;
            /**
             * Project
             * @example default
             */
            project: string;
            /** Tags */
            tags: string[];
            /** Priority */
            priority: number;
            state: components["schemas"]["JobState"];
            /**
             * Reason
             * @description Why the job is in this state, for people; may be empty.
             * @example queued: needs 2 CPUs, 1 free, 3 jobs ahead
             */
            reason: string;
            /**
             * Cause
             * @description Whose fault a failure was.
             */
            cause: ("bad_input" | "out_of_memory" | "internal" | "infrastructure" | "user") | null;
            resources: components["schemas"]["Resources"];
            /**
             * Teacher
             * @description The registered model, weights file or detector of torchvision that teaches; null of a baseline.
             * @example teachers/digits.safetensors
             */
            teacher: string | null;
            /**
             * Student
             * @description Detector and backbone.
             * @example retinanet resnet
             */
            student: string;
            progress: components["schemas"]["Progress"];
            /**
             * Metrics
             * @description Latest value of each headline metric; AP is in percent.
             * @example {
             *       "val/AP": 43.5
             *     }
             */
            metrics: {
                [key: string]: number;
            };
            /**
             * Best Ap
             * @description Highest val/AP until now, in percent.
             * @example 44.1
             */
            best_ap: number | null;
            /**
             * Attempt
             * @description Number of the newest attempt; 0 before the first.
             */
            attempt: number;
            /**
             * Revision
             * @description Counts the changes of the job; its ETag.
             * @example 7
             */
            revision: number;
            /**
             * Not Before
             * @description A queued job waits at least until then, as after a loss.
             */
            not_before?: string | null;
            /**
             * Cloned From
             * @description The job whose spec this one began with.
             * @example job-a2b3c4d5e6
             */
            cloned_from?: string | null;
            /** Mlflow Run Id */
            mlflow_run_id: string | null;
            /**
             * Mlflow Url
             * @description Path of the run in MLflow's own pages.
             * @example /mlflow/#/experiments/1/runs/0af1
             */
            mlflow_url: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * Started At
             * @description When the first attempt gave its first sign of life.
             */
            started_at: string | null;
            /** Ended At */
            ended_at: string | null;
            /** Spec */
            spec: components["schemas"]["JobSpec"] | components["schemas"]["SweepSpec"];
            /** Attempts */
            attempts: components["schemas"]["AttemptView"][];
        };
        /**
         * JobCounts
         * @description How many jobs there are.
         */
        JobCounts: {
            /**
             * Total
             * @example 3
             */
            total: number;
            /**
             * By State
             * @description Of every state, also where it is 0.
             * @example {
             *       "queued": 2,
             *       "running": 1
             *     }
             */
            by_state: {
                [key: string]: number;
            };
        };
        /**
         * JobOrigin
         * @description The job that made a student.
         */
        JobOrigin: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Project */
            project: string;
            state: components["schemas"]["JobState"];
            /**
             * Spec Sha256
             * @description SHA-256 of the spec as it is stored.
             */
            spec_sha256: string;
            /** Mlflow Run Id */
            mlflow_run_id: string | null;
            /** Mlflow Url */
            mlflow_url: string | null;
            /**
             * Code
             * @description Version of Stillhouse that trained it, by its MLflow run; null while MLflow does not answer.
             * @example 0.1.0+g4186f79
             */
            code: string | null;
            /** Ended At */
            ended_at: string | null;
        };
        /**
         * JobPage
         * @description A page of jobs, newest first unless asked otherwise.
         */
        JobPage: {
            /** Items */
            items: components["schemas"]["JobSummary"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * JobPatch
         * @description What may change of a job; fields that are not given stay as they are.
         */
        JobPatch: {
            /**
             * Name
             * @example digits, second try
             */
            name?: string;
            /** Tags */
            tags?: string[];
            /**
             * Priority
             * @description Higher goes first.
             * @example 10
             */
            priority?: number;
        };
        /**
         * JobSpec
         * @description One training or distillation.
         */
        JobSpec: {
            /**
             * Version
             * @default 1
             * @constant
             */
            version: 1;
            /** Name */
            name: string;
            /**
             * Project
             * @default default
             */
            project: string;
            /**
             * Tags
             * @default []
             */
            tags: string[];
            /**
             * @default {
             *       "cpus": 1,
             *       "gpus": 0
             *     }
             */
            resources: components["schemas"]["Resources"];
            /**
             * Priority
             * @description Higher goes first.
             * @default 0
             */
            priority: number;
            /**
             * @default {
             *       "max_attempts": 3,
             *       "backoff_s": 2,
             *       "max_backoff_s": 300
             *     }
             */
            retry: components["schemas"]["RetrySpec"];
            /**
             * Preemptible
             * @description May be paused to make place for a job of higher priority, where the server allows that; it goes back to the queue and on from its checkpoint by itself.
             * @default false
             */
            preemptible: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "job";
            training: components["schemas"]["TrainingSpec"];
            /**
             * @default {
             *       "onnx": false
             *     }
             */
            export: components["schemas"]["ExportSpec"];
            /**
             * Nodes
             * @description Nodes that share the training; each holds `resources` and runs an equal part of the processes of training.distributed.world_size.
             * @default 1
             */
            nodes: number;
        };
        /**
         * JobState
         * @enum {string}
         */
        JobState: "queued" | "starting" | "running" | "pausing" | "paused" | "cancelling" | "succeeded" | "failed" | "cancelled";
        /**
         * JobSummary
         * @description A job or a sweep, as lists show it.
         */
        JobSummary: {
            /**
             * Id
             * @example job-k3v9x2m7qa
             */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "job" | "sweep";
            /**
             * Name
             * @example digits, RM and PFI
             */
            name: string;
            /**
             * Project
             * @example default
             */
            project: string;
            /** Tags */
            tags: string[];
            /** Priority */
            priority: number;
            state: components["schemas"]["JobState"];
            /**
             * Reason
             * @description Why the job is in this state, for people; may be empty.
             * @example queued: needs 2 CPUs, 1 free, 3 jobs ahead
             */
            reason: string;
            /**
             * Cause
             * @description Whose fault a failure was.
             */
            cause: ("bad_input" | "out_of_memory" | "internal" | "infrastructure" | "user") | null;
            resources: components["schemas"]["Resources"];
            /**
             * Teacher
             * @description The registered model, weights file or detector of torchvision that teaches; null of a baseline.
             * @example teachers/digits.safetensors
             */
            teacher: string | null;
            /**
             * Student
             * @description Detector and backbone.
             * @example retinanet resnet
             */
            student: string;
            progress: components["schemas"]["Progress"];
            /**
             * Metrics
             * @description Latest value of each headline metric; AP is in percent.
             * @example {
             *       "val/AP": 43.5
             *     }
             */
            metrics: {
                [key: string]: number;
            };
            /**
             * Best Ap
             * @description Highest val/AP until now, in percent.
             * @example 44.1
             */
            best_ap: number | null;
            /**
             * Attempt
             * @description Number of the newest attempt; 0 before the first.
             */
            attempt: number;
            /**
             * Revision
             * @description Counts the changes of the job; its ETag.
             * @example 7
             */
            revision: number;
            /**
             * Not Before
             * @description A queued job waits at least until then, as after a loss.
             */
            not_before?: string | null;
            /**
             * Cloned From
             * @description The job whose spec this one began with.
             * @example job-a2b3c4d5e6
             */
            cloned_from?: string | null;
            /** Mlflow Run Id */
            mlflow_run_id: string | null;
            /**
             * Mlflow Url
             * @description Path of the run in MLflow's own pages.
             * @example /mlflow/#/experiments/1/runs/0af1
             */
            mlflow_url: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * Started At
             * @description When the first attempt gave its first sign of life.
             */
            started_at: string | null;
            /** Ended At */
            ended_at: string | null;
        };
        JsonValue: unknown;
        /**
         * Lineage
         * @description Where a detector comes from, up to the first that no job here has made.
         */
        Lineage: {
            /** @description null where it is not registered, or not for you to see. */
            model: components["schemas"]["ModelOrigin"] | null;
            /**
             * Weights
             * @description Path of its file, where that is all that is known.
             */
            weights: string | null;
            /** @description null where it was brought from elsewhere. */
            job: components["schemas"]["JobOrigin"] | null;
            data: components["schemas"]["DataOrigin"] | null;
            /** @description null of a baseline. */
            teacher: components["schemas"]["Lineage"] | null;
        };
        /**
         * LocalisationDistillation
         * @description LD (Zheng et al., 2022), for two GFL detectors: the distributions of the box edges at the positive priors.
         */
        LocalisationDistillation: {
            /**
             * Name
             * @default localisation_distillation
             */
            name: string;
            /**
             * Weight
             * @default 0.25
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "localisation_distillation";
            /**
             * Temperature
             * @description Softens the distributions; the paper's is 10.
             * @default 10
             */
            temperature: number;
        };
        /**
         * LogChunk
         * @description A part of an attempt's log.
         */
        LogChunk: {
            /**
             * Attempt
             * @description 0 while there is no attempt.
             */
            attempt: number;
            /** Text */
            text: string;
            /**
             * Next Offset
             * @description Send it as `offset` to read on.
             */
            next_offset: number;
            /**
             * Complete
             * @description True when the attempt has ended and this chunk reaches the end of its log.
             */
            complete: boolean;
        };
        /**
         * Me
         * @description Who asks, and what they may do.
         */
        Me: {
            /**
             * Name
             * @example owner
             */
            name: string;
            /**
             * Roles
             * @description Role in each project; `*` stands for every project, also those to come.
             * @example {
             *       "cars": "viewer",
             *       "default": "editor"
             *     }
             */
            roles: {
                [key: string]: components["schemas"]["Role"];
            };
            /** Token Id */
            token_id: string;
            /**
             * Expires At
             * @description When the token, and every session made from it, ends.
             */
            expires_at: string | null;
        };
        /** MetricPoint */
        MetricPoint: {
            /** Step */
            step: number;
            /**
             * Value
             * @description null where the value was not a finite number.
             */
            value: number | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
        };
        /** MetricSeries */
        MetricSeries: {
            /**
             * Key
             * @example train/loss/total
             */
            key: string;
            /** Points */
            points: components["schemas"]["MetricPoint"][];
        };
        /**
         * Metrics
         * @description Curves of one MLflow run.
         */
        Metrics: {
            /** Series */
            series: components["schemas"]["MetricSeries"][];
        };
        /**
         * Model
         * @description A model with one of its versions in full and all of them in short.
         */
        Model: {
            /** Name */
            name: string;
            /** Project */
            project: string;
            /**
             * Aliases
             * @description Alias to version.
             * @example {
             *       "production": 3
             *     }
             */
            aliases: {
                [key: string]: number;
            };
            /** @description The version that was asked for; the newest by default. */
            version: components["schemas"]["ModelVersion"];
            /** @description What its newest check found; null before the first. */
            report: components["schemas"]["ModelReport"] | null;
            /**
             * Versions
             * @description All versions, newest first.
             */
            versions: components["schemas"]["ModelVersion"][];
        };
        /**
         * ModelEvent
         * @description Something that was done with a model.
         */
        ModelEvent: {
            /** Id */
            id: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Actor */
            actor: string;
            /**
             * Action
             * @enum {string}
             */
            action: "registered" | "promoted" | "rolled back" | "demoted" | "deleted";
            /** Alias */
            alias: string | null;
            /** Version */
            version: number | null;
            /**
             * Previous
             * @description The version that had the alias before.
             */
            previous: number | null;
            /** Note */
            note: string;
        };
        /**
         * ModelEventPage
         * @description What was done with a model, oldest first.
         */
        ModelEventPage: {
            /** Items */
            items: components["schemas"]["ModelEvent"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for what comes after; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * ModelLineage
         * @description Where a version of a model comes from and what came of it.
         */
        ModelLineage: {
            origin: components["schemas"]["Lineage"];
            /**
             * Descendants
             * @description Jobs that had it as their teacher, newest first; at most 200.
             */
            descendants: components["schemas"]["Descendant"][];
        };
        /**
         * ModelOrigin
         * @description A version of a registered model.
         */
        ModelOrigin: {
            /** Name */
            name: string;
            /** Version */
            version: number;
            /** Sha256 */
            sha256: string | null;
            /** Aliases */
            aliases: string[];
        };
        /**
         * ModelPage
         * @description A page of models, newest first.
         */
        ModelPage: {
            /** Items */
            items: components["schemas"]["ModelSummary"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * ModelReport
         * @description What a check found in a weights file, or what torchvision says of a detector that it publishes.
         */
        ModelReport: {
            /**
             * Kind
             * @default model
             * @constant
             */
            kind: "model";
            /**
             * Architecture
             * @example retinanet with resnet
             */
            architecture: string;
            /**
             * Detector
             * @description The spec from which the detector is built.
             */
            detector: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Class Names */
            class_names: string[];
            /** Image Size Px */
            image_size_px: number | null;
            /** Num Parameters */
            num_parameters: number;
            /**
             * Precision
             * @description Type of most parameters in the file.
             * @example float16
             */
            precision: string;
            /**
             * Metrics
             * @description What the file says about its own training; AP is in percent.
             */
            metrics: {
                [key: string]: number;
            };
            /**
             * Sha256
             * @description null where torchvision's weights could not be fetched.
             */
            sha256: string | null;
            /** Size Bytes */
            size_bytes: number | null;
            sample?: components["schemas"]["SampleResult"] | null;
            /**
             * Findings
             * @default []
             */
            findings: components["schemas"]["Finding"][];
        };
        /**
         * ModelSummary
         * @description A model as lists show it.
         */
        ModelSummary: {
            /** Name */
            name: string;
            /** Project */
            project: string;
            /** Aliases */
            aliases: {
                [key: string]: number;
            };
            /** Num Versions */
            num_versions: number;
            /** @description The newest. */
            version: components["schemas"]["ModelVersion"];
        };
        /**
         * ModelVersion
         * @description One version of a model.
         */
        ModelVersion: {
            /** Version */
            version: number;
            state: components["schemas"]["CheckState"];
            /**
             * Reason
             * @description Why it is in this state, for people; empty where all is well.
             */
            reason: string;
            /** Description */
            description: string;
            /**
             * Source
             * @description Where the weights came from.
             */
            source: components["schemas"]["WeightsSource"] | components["schemas"]["TrialSource"] | components["schemas"]["UploadSource"];
            /**
             * Job Id
             * @description The job whose student it is; of a trial's student the sweep.
             */
            job_id: string | null;
            /**
             * Weights
             * @description Path of the weights file on the cluster; of torchvision's weights `torchvision:` and their name.
             * @example teachers/digits.safetensors
             * @example torchvision:RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1
             */
            weights: string;
            /** Architecture */
            architecture: string | null;
            /** Num Parameters */
            num_parameters: number | null;
            /** Num Classes */
            num_classes: number | null;
            /** Image Size Px */
            image_size_px: number | null;
            /** Sha256 */
            sha256: string | null;
            /** Size Bytes */
            size_bytes: number | null;
            /**
             * Metrics
             * @description AP in percent: val/ from its training, sample/ from the check.
             * @example {
             *       "val/AP": 54.2
             *     }
             */
            metrics: {
                [key: string]: number;
            };
            /** Aliases */
            aliases: string[];
            registration: components["schemas"]["Registration"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
        };
        /**
         * NewDataset
         * @description A data set to register: both splits, in COCO's or PASCAL VOC's format, at paths that the cluster's nodes see.
         */
        NewDataset: {
            /**
             * Name
             * @description Small letters, digits, dots, hyphens and underscores.
             * @example digits
             */
            name: string;
            /**
             * Project
             * @default default
             */
            project: string;
            /**
             * Description
             * @default
             */
            description: string;
            train: components["schemas"]["SplitSpec"];
            val: components["schemas"]["SplitSpec"];
        };
        /**
         * NewModel
         * @description A teacher or student to register.
         */
        NewModel: {
            /**
             * Name
             * @description Small letters, digits, dots, hyphens and underscores.
             * @example digits
             */
            name: string;
            /**
             * Project
             * @default default
             */
            project: string;
            /**
             * Description
             * @default
             */
            description: string;
            weights: components["schemas"]["WeightsSource"];
            evaluate_on?: components["schemas"]["EvaluateOn"] | null;
        };
        /**
         * NewToken
         * @description A token to be made.
         */
        NewToken: {
            /**
             * Name
             * @description Whom or what it is for; event logs show it.
             * @example ada
             * @example nightly sweeps
             */
            name: string;
            /**
             * Roles
             * @description Role in each project; `*` stands for every project, also those to come.
             * @example {
             *       "cars": "viewer",
             *       "default": "editor"
             *     }
             */
            roles: {
                [key: string]: components["schemas"]["Role"];
            };
            /**
             * Expires At
             * @description null: never.
             * @example 2027-01-31T00:00:00Z
             */
            expires_at?: string | null;
        };
        /**
         * NewWebhook
         * @description A webhook to be made.
         */
        NewWebhook: {
            /**
             * Url
             * @example https://example.com/hooks/stillhouse
             */
            url: string;
            /**
             * Project
             * @description Whose jobs are told of; `*`: those of every project.
             * @default default
             */
            project: string;
            /**
             * States
             * @description New states of jobs that are told; an empty list stands for all of them.
             * @default []
             */
            states: components["schemas"]["JobState"][];
            /**
             * Secret
             * @description null: one is made, and shown once.
             */
            secret?: string | null;
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
        };
        /**
         * NoStopping
         * @description Every trial runs to its end.
         */
        NoStopping: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "none";
        };
        /**
         * NodeCheck
         * @description A look at every node of the cluster, made by a small job on it.
         */
        NodeCheck: {
            /** Number */
            number: number;
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "running" | "done" | "lost";
            /**
             * Reason
             * @description Why it was lost; empty where it was not.
             */
            reason: string;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Nodes
             * @description By name; empty until it is done.
             */
            nodes: components["schemas"]["NodeStatus"][];
        };
        /**
         * NodeStatus
         * @description What a check found on one node.
         */
        NodeStatus: {
            /**
             * Id
             * @description Ray's id of the node.
             */
            id: string;
            /**
             * Name
             * @description Its host name or address.
             * @example 10.0.3.17
             */
            name: string;
            /**
             * Trouble
             * @description Why it could not be looked at; null where it could.
             */
            trouble: string | null;
            /**
             * Storage Trouble
             * @description Why it does not share the storage with the others; null where it does.
             */
            storage_trouble: string | null;
            /**
             * Data Trouble
             * @description Why it does not see the data root; null where it does.
             */
            data_trouble: string | null;
            /**
             * Free Bytes
             * @description Free in the storage, as the node sees it.
             */
            free_bytes: number | null;
            /**
             * Clock Ahead S
             * @description Seconds by which its clock is ahead of the reconciler's, at the least; negative where it is late.
             */
            clock_ahead_s: number | null;
            /**
             * Versions
             * @description Of Python and packages, in the Python of the attempts.
             */
            versions: {
                [key: string]: string;
            };
        };
        /**
         * Objective
         * @description A metric that a sweep optimises.
         */
        Objective: {
            /**
             * Metric
             * @description Any metric that the trainer logs; AP is in percent.
             * @default val/AP
             */
            metric: string;
            /**
             * Direction
             * @default maximize
             * @enum {string}
             */
            direction: "maximize" | "minimize";
            /**
             * Value
             * @description Take a trial's last value or its best.
             * @default last
             * @enum {string}
             */
            value: "last" | "best";
        };
        /**
         * OptimizerSpec
         * @description AdamW, or SGD with momentum; linear warm-up, then a schedule of the learning rate.
         */
        OptimizerSpec: {
            /**
             * Kind
             * @default adamw
             * @enum {string}
             */
            kind: "adamw" | "sgd";
            /**
             * Learning Rate
             * @default 0.002
             */
            learning_rate: number;
            /**
             * Weight Decay
             * @description Not of biases and scales of normalisations.
             * @default 0.01
             */
            weight_decay: number;
            /**
             * Momentum
             * @description Of SGD; AdamW has none.
             * @default 0.9
             */
            momentum: number;
            /**
             * Nesterov
             * @description Nesterov's form of SGD's momentum.
             * @default false
             */
            nesterov: boolean;
            /**
             * Warmup Steps
             * @description Steps of linear warm-up from zero.
             * @default 50
             */
            warmup_steps: number;
            /**
             * Schedule
             * @description After the warm-up: cosine decay to zero, drops at `milestones`, or no decay.
             * @default cosine
             * @enum {string}
             */
            schedule: "cosine" | "step" | "constant";
            /**
             * Milestones
             * @description Of the step schedule: shares of num_steps.
             * @default [
             *       0.6666666666666666,
             *       0.8888888888888888
             *     ]
             */
            milestones: number[];
            /**
             * Decay Factor
             * @description By which a milestone multiplies.
             * @default 0.1
             */
            decay_factor: number;
            /**
             * Max Gradient Norm
             * @description Gradients are clipped to this L2 norm.
             * @default 10
             */
            max_gradient_norm: number;
        };
        /**
         * Option
         * @description A piece of a spec under a short name.
         */
        Option: {
            /**
             * Label
             * @example RM
             */
            label: string;
            /**
             * @example [
             *       {
             *         "kind": "rank_mimicking",
             *         "weight": 4
             *       }
             *     ]
             */
            value: components["schemas"]["JsonValue"];
        };
        /**
         * Options
         * @description One of several pieces of the spec, such as lists of losses; a trial shows the label of its own.
         */
        Options: {
            /**
             * When
             * @description Other dimensions and the values at which this one exists; without it, always.
             * @default {}
             * @example {
             *       "distillation.losses": [
             *         "RM",
             *         "RM + PFI"
             *       ]
             *     }
             */
            when: {
                [key: string]: (number | string | boolean)[];
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "options";
            /** Options */
            options: components["schemas"]["Option"][];
        };
        /**
         * PastTrial
         * @description What another sweep found at one place of the space.
         */
        PastTrial: {
            /** Parameters */
            parameters: {
                [key: string]: number | string | boolean;
            };
            /** Objective */
            objective: number;
            /**
             * Further Objectives
             * @default []
             */
            further_objectives: number[];
        };
        /**
         * PearsonImitation
         * @description PKD (Cao et al., 2022): features are imitated up to the scale and the mean of each channel.
         */
        PearsonImitation: {
            /**
             * Name
             * @default pearson_imitation
             */
            name: string;
            /**
             * Weight
             * @default 1
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "pearson_imitation";
        };
        /**
         * PopulationTraining
         * @description Population based training (Jaderberg et al., 2017, arXiv:1711.09846): all trials train side by side, and at every
         *     interval the weak ones go on from the checkpoints of strong ones, with perturbed values.
         */
        PopulationTraining: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "pbt";
            /**
             * Perturbation Interval Steps
             * @description Training steps between two rounds, in which trials are compared.
             * @default 200
             */
            perturbation_interval_steps: number;
            /**
             * Quantile Fraction
             * @description Share of the trials that is replaced, and share that is copied.
             * @default 0.25
             */
            quantile_fraction: number;
            /**
             * Resample Probability
             * @description Of each value: that it is sampled anew instead of being perturbed.
             * @default 0.25
             */
            resample_probability: number;
            /**
             * Perturbation Factors
             * @description A perturbed number is multiplied by one of these and stays in its range; a choice moves to the value beside it.
             * @default [
             *       0.8,
             *       1.2
             *     ]
             */
            perturbation_factors: number[];
        };
        /**
         * Problem
         * @description What went wrong, by RFC 9457.
         */
        Problem: {
            /**
             * Type
             * @description Kind of problem, stable.
             * @example urn:stillhouse:problem:invalid
             */
            type: string;
            /**
             * Title
             * @description The kind in words.
             * @example Some values are not allowed
             */
            title: string;
            /**
             * Status
             * @description HTTP status code.
             * @example 422
             */
            status: number;
            /**
             * Detail
             * @description What happened this time.
             * @example 1 field is not allowed
             */
            detail: string;
            /**
             * Instance
             * @description Path of the request.
             * @example /api/v1/jobs
             */
            instance: string;
            /**
             * Request Id
             * @description The same id is in the server's log.
             * @example req-4f9c2a7b1d
             */
            request_id: string;
            /**
             * Errors
             * @description The wrong fields, if the request was at fault.
             */
            errors: components["schemas"]["FieldError"][];
        };
        /**
         * Progress
         * @description How far a job is.
         */
        Progress: {
            /**
             * Phase
             * @description What the attempt does now; null before its first heartbeat.
             * @example training
             */
            phase: string | null;
            /**
             * Step
             * @description Training steps done; of a sweep, trials finished.
             * @example 240
             */
            step: number;
            /**
             * Num Steps
             * @description Training steps in all; of a sweep, trials in all.
             * @example 800
             */
            num_steps: number;
            /**
             * Eta S
             * @description Estimated seconds to the end; null while unknown and at the end.
             * @example 92.5
             */
            eta_s: number | null;
        };
        /**
         * Project
         * @description A group of jobs. It exists by being described or limited, or by a job that names it.
         */
        Project: {
            /**
             * Name
             * @example default
             */
            name: string;
            /** Description */
            description: string;
            limits: components["schemas"]["ProjectLimits"];
            /**
             * Jobs
             * @description How many jobs and sweeps are in which state; states without any are left out.
             * @example {
             *       "running": 2,
             *       "succeeded": 40
             *     }
             */
            jobs: {
                [key: string]: number;
            };
            /**
             * Created At
             * @description null for a project that exists by its jobs alone.
             */
            created_at: string | null;
            /** Updated At */
            updated_at: string | null;
        };
        /**
         * ProjectLimits
         * @description What the jobs of a project may hold at once; null is no limit. Jobs over it wait in the queue.
         */
        ProjectLimits: {
            /**
             * Max Jobs
             * @description Jobs and sweeps that run at once.
             */
            max_jobs?: number | null;
            /**
             * Max Cpus
             * @example 16
             */
            max_cpus?: number | null;
            /**
             * Max Gpus
             * @example 2
             */
            max_gpus?: number | null;
        };
        /**
         * ProjectWish
         * @description What a project shall be; what is left out is reset.
         */
        ProjectWish: {
            /**
             * Description
             * @default
             * @example Detectors for the parking lot
             */
            description: string;
            /** @default {} */
            limits: components["schemas"]["ProjectLimits"];
        };
        /**
         * Projects
         * @description All projects that one may see, by name.
         */
        Projects: {
            /** Items */
            items: components["schemas"]["Project"][];
        };
        /**
         * Promotion
         * @description A version that is to have an alias, which an earlier version loses.
         */
        Promotion: {
            /** Version */
            version: number;
            /**
             * Alias
             * @default production
             * @example production
             */
            alias: string;
            /**
             * Note
             * @default
             */
            note: string;
        };
        /**
         * RandomSearch
         * @description Independent samples.
         */
        RandomSearch: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "random";
        };
        /**
         * RankMimicking
         * @description Rank mimicking (RM): the student orders each object's candidates as the teacher does.
         */
        RankMimicking: {
            /**
             * Name
             * @default rank_mimicking
             */
            name: string;
            /**
             * Weight
             * @description alpha of the paper, whose value is 4.
             * @default 4
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "rank_mimicking";
            /**
             * Rank By
             * @description Order candidates by the score of the object's class, by the IoU of their boxes with the object's box, or by each of both (the sum of two terms, the paper's best).
             * @default class
             * @enum {string}
             */
            rank_by: "class" | "localisation" | "both";
            /**
             * Temperature
             * @description tau: below 1 sharpens the ranking.
             * @default 1
             */
            temperature: number;
            /**
             * Space
             * @description Rank classes by probabilities as the paper does, or by raw logits.
             * @default scores
             * @enum {string}
             */
            space: "scores" | "logits";
        };
        /**
         * Recipe
         * @description A spec that ships with Stillhouse, ready to submit.
         */
        Recipe: {
            /**
             * Name
             * @description Path below recipes/ without its ending.
             * @example digits/baseline
             */
            name: string;
            /**
             * Title
             * @example Digits: baseline without distillation
             */
            title: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "job" | "sweep";
            /** Spec */
            spec: components["schemas"]["JobSpec"] | components["schemas"]["SweepSpec"];
        };
        /** Recipes */
        Recipes: {
            /** Items */
            items: components["schemas"]["Recipe"][];
        };
        /**
         * RegionImitation
         * @description Feature imitation within a region that is chosen by hand, as the paper compares with.
         */
        RegionImitation: {
            /**
             * Name
             * @default region_imitation
             */
            name: string;
            /**
             * Weight
             * @default 1
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "region_imitation";
            /**
             * Region
             * @description The whole map; locations with a positive prior; locations without one; inside ground-truth boxes.
             * @default whole
             * @enum {string}
             */
            region: "whole" | "positives" | "negatives" | "boxes";
        };
        /**
         * Registration
         * @description How a version stands in MLflow's model registry.
         */
        Registration: {
            /**
             * State
             * @description none: it is no student of a job, so that MLflow does not have it.
             * @enum {string}
             */
            state: "none" | "pending" | "done" | "failed";
            /**
             * Note
             * @description Why it is pending or failed, for people.
             */
            note: string;
            /**
             * Version
             * @description Its version in MLflow.
             */
            version: string | null;
            /**
             * Url
             * @description Path in MLflow's own pages.
             * @example /mlflow/#/models/digits/versions/1
             */
            url: string | null;
        };
        /**
         * ResNetSpec
         * @description A ResNet backbone of basic blocks, built from torchvision's parts.
         */
        ResNetSpec: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "resnet";
            /**
             * Depths
             * @description Blocks in each of the four stages.
             * @default [
             *       1,
             *       1,
             *       1,
             *       1
             *     ]
             */
            depths: [
                number,
                number,
                number,
                number
            ];
            /**
             * Width
             * @description Channels of the first stage; doubled at each next.
             * @default 16
             */
            width: number;
            /**
             * Norm
             * @description Normalisation: trained BatchNorm, BatchNorm over all processes, or GroupNorm for small batches.
             * @default batch
             * @enum {string}
             */
            norm: "batch" | "sync_batch" | "group";
        };
        /**
         * Resources
         * @description What one attempt (of a sweep: one trial; of a job on several nodes: each node's share) holds while it runs.
         */
        Resources: {
            /**
             * Cpus
             * @description CPU cores.
             * @default 1
             */
            cpus: number;
            /**
             * Gpus
             * @description GPUs: a whole number, or a fraction below 1, which shares one.
             * @default 0
             */
            gpus: number;
        };
        /**
         * RetinaNetSpec
         * @description RetinaNet: nine anchors per location, assigned by their overlap; focal and L1 loss.
         */
        RetinaNetSpec: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "retinanet";
            /**
             * Backbone
             * @default {
             *       "kind": "resnet",
             *       "depths": [
             *         1,
             *         1,
             *         1,
             *         1
             *       ],
             *       "width": 16,
             *       "norm": "batch"
             *     }
             */
            backbone: components["schemas"]["ResNetSpec"] | components["schemas"]["TorchvisionBackboneSpec"];
            /**
             * Fpn Channels
             * @description Width of FPN and head.
             * @default 32
             */
            fpn_channels: number;
            /**
             * Fpn Norm
             * @description Normalisation in the pyramid.
             * @default group
             * @enum {string}
             */
            fpn_norm: "group" | "none";
            /**
             * Num Head Convs
             * @description 3x3 convolutions in each branch of the head.
             * @default 2
             */
            num_head_convs: number;
            /**
             * Head Norm
             * @description Normalisation in the head.
             * @default group
             * @enum {string}
             */
            head_norm: "group" | "none";
            /**
             * Num Levels
             * @description Pyramid levels, the finest of stride 8; the fourth and fifth are P6, P7.
             * @default 3
             */
            num_levels: number;
            /**
             * P6 From
             * @description P6 is made from the pyramid's P5 or from the backbone's last map.
             * @default p5
             * @enum {string}
             */
            p6_from: "p5" | "c5";
            /**
             * Image Mean
             * @description Subtracted from RGB pixels of 0 to 1; ImageNet's by default.
             * @default [
             *       0.485,
             *       0.456,
             *       0.406
             *     ]
             */
            image_mean: [
                number,
                number,
                number
            ];
            /**
             * Image Std
             * @description By which pixels are divided after that.
             * @default [
             *       0.229,
             *       0.224,
             *       0.225
             *     ]
             */
            image_std: [
                number,
                number,
                number
            ];
            /**
             * Prior Strides
             * @description Pixels between the priors of a level: its stride; or, as torchvision's published detectors have it, the padded image's size divided by the level's, rounded down.
             * @default exact
             * @enum {string}
             */
            prior_strides: "exact" | "floored";
            /**
             * Nms Iou
             * @description NMS drops boxes that overlap a better one by more.
             * @default 0.5
             */
            nms_iou: number;
            /**
             * Anchor Scale
             * @description Side of the smallest anchor of a level, in strides of that level.
             * @default 2.5
             */
            anchor_scale: number;
            /**
             * Anchor Rounding
             * @description How sides of anchors become whole pixels; torchvision rounds them down.
             * @default nearest
             * @enum {string}
             */
            anchor_rounding: "nearest" | "down";
        };
        /**
         * RetrainRequest
         * @description The winner of a sweep as a job of its own.
         */
        RetrainRequest: {
            /**
             * Trial
             * @description The verdict's winner where none is given.
             */
            trial?: number | null;
            /**
             * Num Steps
             * @description As in the sweep where none is given.
             */
            num_steps?: number | null;
            /** Seed */
            seed?: number | null;
            /**
             * Name
             * @description Named after sweep and trial where none is given.
             */
            name?: string | null;
        };
        /**
         * RetrySpec
         * @description How often and when an attempt that was lost with its machine is tried again.
         *
         *     What failed by itself (a wrong spec, bad data, too little memory) is not: it would fail again.
         */
        RetrySpec: {
            /**
             * Max Attempts
             * @default 3
             */
            max_attempts: number;
            /**
             * Backoff S
             * @description Pause before the first retry; each further one is twice as long.
             * @default 2
             */
            backoff_s: number;
            /**
             * Max Backoff S
             * @description No pause is longer.
             * @default 300
             */
            max_backoff_s: number;
        };
        /**
         * Role
         * @description What one may do in a project; each role includes those before it.
         * @enum {string}
         */
        Role: "viewer" | "editor" | "admin";
        /**
         * Rollback
         * @description An alias that is to go back to the version that had it before.
         */
        Rollback: {
            /**
             * Alias
             * @default production
             * @example production
             */
            alias: string;
            /**
             * Note
             * @default
             */
            note: string;
        };
        /** SampleBox */
        SampleBox: {
            /**
             * Box Xywh
             * @description In pixels of the original image.
             */
            box_xywh: [
                number,
                number,
                number,
                number
            ];
            /**
             * Name
             * @description Name of the class.
             */
            name: string;
            /** Iscrowd */
            iscrowd: boolean;
            /**
             * Difficult
             * @description Marked so in VOC; not used in training.
             * @default false
             */
            difficult: boolean;
        };
        /**
         * SampleResult
         * @description The AP of a model on some images; AP is in percent.
         */
        SampleResult: {
            /** Dataset */
            dataset: string;
            /** Images */
            images: number;
            /**
             * Metrics
             * @example {
             *       "AP": 80.2,
             *       "AP50": 97.1
             *     }
             */
            metrics: {
                [key: string]: number;
            };
        };
        /**
         * SignIn
         * @description A one-time code from a sign-in link, or a token; one of the two.
         */
        SignIn: {
            /** Code */
            code?: string | null;
            /** Token */
            token?: string | null;
        };
        /**
         * SignInCode
         * @description What makes a sign-in link: it works once.
         */
        SignInCode: {
            /** Code */
            code: string;
            /**
             * Path
             * @description Page that takes the code, with it.
             * @example /signin#code=Zm9v
             */
            path: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * SoftLabels
         * @description Soft labels (Hinton et al., 2015): the teacher's class probabilities as targets of each candidate.
         */
        SoftLabels: {
            /**
             * Name
             * @default soft_labels
             */
            name: string;
            /**
             * Weight
             * @default 0.25
             */
            weight: number;
            /**
             * Ramp
             * @description How the weight grows from 0 over `ramp_steps`; none starts with all of it.
             * @default none
             * @enum {string}
             */
            ramp: "none" | "linear" | "cosine";
            /**
             * Ramp Steps
             * @description Steps after `start_step` until the whole weight counts.
             * @default 0
             */
            ramp_steps: number;
            /**
             * Start Step
             * @description First step of the loss; it is not computed before.
             * @default 0
             */
            start_step: number;
            /**
             * Stop Step
             * @description First step without the loss again; none keeps it to the end.
             */
            stop_step?: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "soft_labels";
            /**
             * Candidates
             * @description Distil at the positive priors, or at all priors that are not ignored.
             * @default positives
             * @enum {string}
             */
            candidates: "positives" | "all";
            /**
             * Temperature
             * @description Above 1 softens both distributions.
             * @default 1
             */
            temperature: number;
        };
        /**
         * SplitReport
         * @description What one split holds.
         */
        SplitReport: {
            /** Images */
            images: number;
            /**
             * Instances
             * @description Boxes, without crowds and difficult objects.
             */
            instances: number;
            /**
             * Crowds
             * @description Boxes around crowds; not used in training.
             */
            crowds: number;
            /**
             * Difficult
             * @description Objects that VOC marks as difficult; not used in training.
             * @default 0
             */
            difficult: number;
            /** Images Without Boxes */
            images_without_boxes: number;
            box_sizes: components["schemas"]["BoxSizes"];
            /** Classes */
            classes: components["schemas"]["ClassCount"][];
            /**
             * Image Sizes
             * @description The most frequent sizes in pixels, at most 20.
             */
            image_sizes: components["schemas"]["ImageSize"][];
            /** Num Image Sizes */
            num_image_sizes: number;
            /**
             * Decoded Images
             * @description Image files that were decoded; the others were only looked for.
             */
            decoded_images: number;
            /**
             * Size Bytes
             * @description Size of all image files.
             */
            size_bytes: number;
        };
        /**
         * SplitSpec
         * @description One split of a COCO or PASCAL VOC data set. Relative paths start at the data root of the process that trains.
         */
        SplitSpec: {
            /**
             * Images
             * @description Folder that holds the image files.
             * @example digit-scenes/train
             */
            images: string;
            /**
             * Annotations
             * @description COCO JSON file with the boxes; of a VOC data set the folder with its XML files.
             * @example digit-scenes/annotations/train.json
             */
            annotations: string;
            /**
             * Format
             * @description How the boxes are written down.
             * @default coco
             * @enum {string}
             */
            format: "coco" | "voc";
            /**
             * Image List
             * @description VOC: text file with the names of the split's images, one a line; by default all XML files.
             * @example VOC2007/ImageSets/Main/trainval.txt
             */
            image_list?: string | null;
            /**
             * Classes
             * @description VOC: class names in order; by default those that occur, in alphabetical order.
             */
            classes?: string[] | null;
        };
        /**
         * SteerRequest
         * @description What a running sweep shall do besides.
         */
        SteerRequest: {
            /**
             * Added Trials
             * @description Parameters of trials to run; what is left out is sampled.
             * @default []
             * @example [
             *       {
             *         "distillation.losses.feature_imitation.weight": 300
             *       }
             *     ]
             */
            added_trials: {
                [key: string]: number | string | boolean;
            }[];
            /**
             * More Trials
             * @description Trials of the search beyond `num_trials`.
             * @default 0
             */
            more_trials: number;
            /**
             * More Wall S
             * @description Seconds beyond the budget's, where it has any.
             * @default 0
             */
            more_wall_s: number;
            /**
             * More Gpu Hours
             * @description Hours of GPUs, or of cores, beyond the budget's, where it has any.
             * @default 0
             */
            more_gpu_hours: number;
            /**
             * End Search
             * @description Start no further trial of the search; repeats follow.
             * @default false
             */
            end_search: boolean;
        };
        /**
         * Stretch
         * @description The parameters of a trial from a step on.
         */
        Stretch: {
            /** From Step */
            from_step: number;
            /** Parameters */
            parameters: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /**
         * StudentPromotion
         * @description The model under whose name a job's student is to have an alias.
         */
        StudentPromotion: {
            /**
             * Model
             * @description A new or known model; the one that the student is registered as if none is given.
             */
            model?: string | null;
            /**
             * Alias
             * @default production
             * @example production
             */
            alias: string;
            /**
             * Note
             * @default
             */
            note: string;
        };
        /**
         * SweepSpec
         * @description A search over the fields of one training, run by Ray Tune.
         *
         *     `space` maps the path of a field below `training` to a dimension. A list element is addressed by its `name`:
         *     `distillation.losses.feature_imitation.weight`.
         */
        SweepSpec: {
            /**
             * Version
             * @default 1
             * @constant
             */
            version: 1;
            /** Name */
            name: string;
            /**
             * Project
             * @default default
             */
            project: string;
            /**
             * Tags
             * @default []
             */
            tags: string[];
            /**
             * @default {
             *       "cpus": 1,
             *       "gpus": 0
             *     }
             */
            resources: components["schemas"]["Resources"];
            /**
             * Priority
             * @description Higher goes first.
             * @default 0
             */
            priority: number;
            /**
             * @default {
             *       "max_attempts": 3,
             *       "backoff_s": 2,
             *       "max_backoff_s": 300
             *     }
             */
            retry: components["schemas"]["RetrySpec"];
            /**
             * Preemptible
             * @description May be paused to make place for a job of higher priority, where the server allows that; it goes back to the queue and on from its checkpoint by itself.
             * @default false
             */
            preemptible: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "sweep";
            training: components["schemas"]["TrainingSpec"];
            /**
             * Space
             * @example {
             *       "distillation.losses.rank_mimicking.weight": {
             *         "high": 10,
             *         "kind": "uniform",
             *         "log": true,
             *         "low": 0.01
             *       }
             *     }
             */
            space: {
                [key: string]: components["schemas"]["Uniform"] | components["schemas"]["Integer"] | components["schemas"]["Choice"] | components["schemas"]["Options"];
            };
            /**
             * @description What decides; early stopping judges by it.
             * @default {
             *       "metric": "val/AP",
             *       "direction": "maximize",
             *       "value": "last"
             *     }
             */
            objective: components["schemas"]["Objective"];
            /**
             * Further Objectives
             * @description Weighed against the first: the answer is then a Pareto front.
             * @default []
             */
            further_objectives: components["schemas"]["Objective"][];
            /**
             * Constraints
             * @default []
             */
            constraints: components["schemas"]["Constraint"][];
            /**
             * Num Trials
             * @description Trials of the search, fixed ones included.
             * @default 16
             */
            num_trials: number;
            /**
             * Fixed Trials
             * @description Where to start; what is left out is sampled.
             * @default []
             */
            fixed_trials: {
                [key: string]: number | string | boolean;
            }[];
            /**
             * Past Trials
             * @description Results of an earlier sweep that the search starts from.
             * @default []
             */
            past_trials: components["schemas"]["PastTrial"][];
            /**
             * Max Concurrent Trials
             * @default 2
             */
            max_concurrent_trials: number;
            /**
             * Search
             * @default {
             *       "kind": "tpe",
             *       "num_startup_trials": 8
             *     }
             */
            search: components["schemas"]["GridSearch"] | components["schemas"]["RandomSearch"] | components["schemas"]["TpeSearch"];
            /**
             * Scheduler
             * @default {
             *       "kind": "none"
             *     }
             */
            scheduler: components["schemas"]["NoStopping"] | components["schemas"]["AshaStopping"] | components["schemas"]["PopulationTraining"];
            /**
             * @default {
             *       "min_improvement": 0
             *     }
             */
            budget: components["schemas"]["Budget"];
            /**
             * Share Teacher Outputs
             * @description Trials share the teacher's outputs on disk, where images are not drawn anew by scale or colour. The result is the same to the bit; `distillation.cache` sets the budget.
             * @default true
             */
            share_teacher_outputs: boolean;
            /**
             * @default {
             *       "baseline": true,
             *       "num_finalists": 2,
             *       "num_seeds": 3,
             *       "confidence": 0.95
             *     }
             */
            controls: components["schemas"]["Controls"];
            /**
             * Seed
             * @description Seed of the search, not of the trainings.
             * @default 0
             */
            seed: number;
        };
        /**
         * TeacherSpec
         * @description A frozen detector. Its file carries its architecture and class names in its metadata.
         *
         *     Either `weights`, or the name of a registered `model`, for which the service fills in the rest at submit, or one of
         *     torchvision's published COCO detectors.
         */
        TeacherSpec: {
            /**
             * Weights
             * @description Safetensors file written by Stillhouse; relative paths start at the data root.
             * @example teachers/digits.safetensors
             */
            weights?: string | null;
            /**
             * Model
             * @description A registered model, with or without version or alias; stored with the version that was found.
             * @example digits-teacher@1
             */
            model?: string | null;
            /**
             * Sha256
             * @description Hash that the weights must have when an attempt starts; set from `model`.
             */
            sha256?: string | null;
            /**
             * Torchvision
             * @description A detector that torchvision has trained on COCO, by its weights; classes are matched by name.
             * @example RetinaNet_ResNet50_FPN_Weights.COCO_V1
             */
            torchvision?: ("RetinaNet_ResNet50_FPN_Weights.COCO_V1" | "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1" | "FCOS_ResNet50_FPN_Weights.COCO_V1") | null;
        };
        /**
         * Token
         * @description A token, without its secret.
         */
        Token: {
            /**
             * Id
             * @example tok-k3v9x2m7qa
             */
            id: string;
            /** Name */
            name: string;
            /**
             * Prefix
             * @description How the secret begins.
             * @example still_Ab3dE9
             */
            prefix: string;
            /**
             * Roles
             * @description Role in each project; `*` stands for every project, also those to come.
             * @example {
             *       "cars": "viewer",
             *       "default": "editor"
             *     }
             */
            roles: {
                [key: string]: components["schemas"]["Role"];
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Expires At */
            expires_at: string | null;
            /** Revoked At */
            revoked_at: string | null;
            /**
             * Last Used At
             * @description To the minute.
             */
            last_used_at: string | null;
        };
        /**
         * TokenPage
         * @description Tokens, newest first.
         */
        TokenPage: {
            /** Items */
            items: components["schemas"]["Token"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * TorchvisionBackboneSpec
         * @description A classification network of torchvision without its classifier, with or without its ImageNet weights.
         */
        TorchvisionBackboneSpec: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "torchvision";
            /**
             * Name
             * @description torchvision's name of the network.
             * @default resnet50
             * @enum {string}
             */
            name: "resnet18" | "resnet34" | "resnet50" | "resnet101" | "resnet152" | "resnext50_32x4d" | "resnext101_32x8d" | "resnext101_64x4d" | "wide_resnet50_2" | "wide_resnet101_2" | "mobilenet_v2" | "mobilenet_v3_large" | "mobilenet_v3_small" | "efficientnet_b0" | "efficientnet_b1" | "efficientnet_b2" | "efficientnet_b3" | "efficientnet_b4" | "efficientnet_b5" | "efficientnet_b6" | "efficientnet_b7" | "efficientnet_v2_s" | "efficientnet_v2_m" | "efficientnet_v2_l" | "convnext_tiny" | "convnext_small" | "convnext_base" | "convnext_large" | "regnet_x_400mf" | "regnet_x_800mf" | "regnet_x_1_6gf" | "regnet_x_3_2gf" | "regnet_x_8gf" | "regnet_x_16gf" | "regnet_x_32gf" | "regnet_y_400mf" | "regnet_y_800mf" | "regnet_y_1_6gf" | "regnet_y_3_2gf" | "regnet_y_8gf" | "regnet_y_16gf" | "regnet_y_32gf" | "shufflenet_v2_x0_5" | "shufflenet_v2_x1_0" | "shufflenet_v2_x1_5" | "shufflenet_v2_x2_0" | "mnasnet0_5" | "mnasnet0_75" | "mnasnet1_0" | "mnasnet1_3";
            /**
             * Weights
             * @description torchvision's name of the weights to start from; by default none.
             * @example IMAGENET1K_V2
             */
            weights?: string | null;
            /**
             * Norm
             * @description What takes the place of BatchNorm: itself, trained; itself, frozen with the statistics of the weights; BatchNorm over all processes; GroupNorm.
             * @default batch
             * @enum {string}
             */
            norm: "batch" | "frozen_batch" | "sync_batch" | "group";
            /**
             * Norm Eps
             * @description Added to the variance by BatchNorm; by default what the network has.
             */
            norm_eps?: number | null;
            /**
             * Frozen Stages
             * @description The stem and so many stages, each ending with half the size, keep their weights; 0 trains all.
             * @default 0
             */
            frozen_stages: number;
        };
        /**
         * TpeSearch
         * @description Tree-structured Parzen estimator (Optuna): samples near what did well; also for several objectives.
         */
        TpeSearch: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "tpe";
            /**
             * Num Startup Trials
             * @description Random trials before the estimator is used.
             * @default 8
             */
            num_startup_trials: number;
        };
        /**
         * TrainingSpec
         * @description One training from start to end: with `distillation` a distillation, without it a plain baseline.
         */
        TrainingSpec: {
            /**
             * Version
             * @default 1
             * @constant
             */
            version: 1;
            /**
             * Seed
             * @default 0
             */
            seed: number;
            data: components["schemas"]["DataSpec"];
            /**
             * Student
             * @default {
             *       "kind": "retinanet",
             *       "backbone": {
             *         "depths": [
             *           1,
             *           1,
             *           1,
             *           1
             *         ],
             *         "kind": "resnet",
             *         "norm": "batch",
             *         "width": 16
             *       },
             *       "fpn_channels": 32,
             *       "fpn_norm": "group",
             *       "num_head_convs": 2,
             *       "head_norm": "group",
             *       "num_levels": 3,
             *       "p6_from": "p5",
             *       "image_mean": [
             *         0.485,
             *         0.456,
             *         0.406
             *       ],
             *       "image_std": [
             *         0.229,
             *         0.224,
             *         0.225
             *       ],
             *       "prior_strides": "exact",
             *       "nms_iou": 0.5,
             *       "anchor_scale": 2.5,
             *       "anchor_rounding": "nearest"
             *     }
             */
            student: components["schemas"]["RetinaNetSpec"] | components["schemas"]["FcosSpec"] | components["schemas"]["AtssSpec"] | components["schemas"]["GflSpec"];
            distillation?: components["schemas"]["DistillationSpec"] | null;
            /**
             * @default {
             *       "kind": "adamw",
             *       "learning_rate": 0.002,
             *       "weight_decay": 0.01,
             *       "momentum": 0.9,
             *       "nesterov": false,
             *       "warmup_steps": 50,
             *       "schedule": "cosine",
             *       "milestones": [
             *         0.6666666666666666,
             *         0.8888888888888888
             *       ],
             *       "decay_factor": 0.1,
             *       "max_gradient_norm": 10
             *     }
             */
            optimizer: components["schemas"]["OptimizerSpec"];
            /**
             * Num Steps
             * @description Optimiser steps.
             * @default 800
             */
            num_steps: number;
            /**
             * Changes
             * @description Values that change on the way, by step, such as loss weights.
             * @default []
             */
            changes: components["schemas"]["Change"][];
            /**
             * Batch Size
             * @description Images per step.
             * @default 16
             */
            batch_size: number;
            /**
             * Evaluate Every Steps
             * @description COCO evaluation after every so many steps, and at the end.
             * @default 200
             */
            evaluate_every_steps: number;
            /**
             * Checkpoint Every Steps
             * @description Resumable checkpoint after so many steps.
             * @default 200
             */
            checkpoint_every_steps: number;
            /**
             * Log Every Steps
             * @description Training metrics are means over so many steps.
             * @default 10
             */
            log_every_steps: number;
            /**
             * Accumulate
             * @description Parts in which a batch goes through the models; their gradients add up.
             * @default 1
             */
            accumulate: number;
            /**
             * Ema Decay
             * @description Decay of a moving average of the student's weights, which is then evaluated and exported.
             */
            ema_decay?: number | null;
            /**
             * Precision
             * @description bfloat16 and float16 run backbone, neck and head under autocast; losses stay float32. float16 scales the gradients and needs a GPU.
             * @default float32
             * @enum {string}
             */
            precision: "float32" | "bfloat16" | "float16";
            /**
             * Channels Last
             * @description Keep maps with channels last in memory: faster on GPUs.
             * @default false
             */
            channels_last: boolean;
            /**
             * Compile
             * @description Compile the models (torch.compile): minutes at the start, faster steps on GPUs.
             * @default false
             */
            compile: boolean;
            /**
             * Preflight
             * @description Check data, teacher and memory before the first step; refuse what cannot work.
             * @default true
             */
            preflight: boolean;
            /**
             * @default {
             *       "enabled": true,
             *       "num_images": 16
             *     }
             */
            diagnostics: components["schemas"]["DiagnosticsSpec"];
            /**
             * @default {
             *       "world_size": 1
             *     }
             */
            distributed: components["schemas"]["DistributedSpec"];
            /**
             * Device
             * @description auto takes a GPU when there is one.
             * @default auto
             * @enum {string}
             */
            device: "auto" | "cpu" | "cuda";
            /**
             * Num Threads
             * @description CPU threads of the training process.
             * @default 1
             */
            num_threads: number;
        };
        /**
         * Trial
         * @description One training inside a sweep.
         */
        Trial: {
            /**
             * Number
             * @example 3
             */
            number: number;
            /**
             * State
             * @enum {string}
             */
            state: "running" | "succeeded" | "stopped" | "failed";
            /**
             * Role
             * @description Why the trial exists: the search, a fixed start, a control or a repeat.
             * @enum {string}
             */
            role: "search" | "fixed" | "added" | "baseline" | "finalist";
            /**
             * Seed
             * @description Seed of the training.
             */
            seed: number;
            /**
             * Repeats
             * @description Number of the trial that this one repeats under another seed.
             */
            repeats: number | null;
            /**
             * Parameters
             * @description Path below `training` to the sampled value; of a trial under PBT to the value that holds now.
             * @example {
             *       "distillation.losses.feature_imitation.weight": 287.4
             *     }
             */
            parameters: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Schedule
             * @description All parameters by step, where a trial under PBT has changed them: those under which its weights came about. Empty where `parameters` held from the start.
             */
            schedule: components["schemas"]["Stretch"][];
            /**
             * Exploits
             * @description What the trial took over from others under PBT, by step.
             */
            exploits: components["schemas"]["Exploit"][];
            /**
             * Metrics
             * @description Latest value of each headline metric; AP is in percent.
             */
            metrics: {
                [key: string]: number;
            };
            /**
             * Objective
             * @description The value that the sweep optimises.
             * @example 43.5
             */
            objective: number | null;
            /** Further Objectives */
            further_objectives: (number | null)[];
            /**
             * Reports
             * @description The objective at each evaluation: the learning curve.
             */
            reports: components["schemas"]["TrialReport"][];
            /**
             * Seconds
             * @description Time for which the trial held its resources.
             */
            seconds: number;
            /** Step */
            step: number;
            /**
             * Mlflow Run Id
             * @description Run of the training since the last exploit.
             */
            mlflow_run_id: string | null;
            /** Mlflow Url */
            mlflow_url: string | null;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Ended At */
            ended_at: string | null;
            /** Reason */
            reason: string;
        };
        /**
         * TrialReport
         * @description The first objective of a trial at one evaluation.
         */
        TrialReport: {
            /** Step */
            step: number;
            /**
             * Value
             * @description null where it was not a finite number.
             */
            value: number | null;
        };
        /**
         * TrialSource
         * @description The student of a sweep's trial.
         */
        TrialSource: {
            /**
             * Job
             * @description The sweep.
             * @example sweep-k3v9x2m7qa
             */
            job: string;
            /**
             * Trial
             * @example 3
             */
            trial: number;
        };
        /**
         * Trials
         * @description The trials of a sweep, by number.
         */
        Trials: {
            /** Items */
            items: components["schemas"]["Trial"][];
        };
        /**
         * Try
         * @description One try to deliver.
         */
        Try: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Seconds
             * @description How long it took.
             */
            seconds: number;
            /**
             * Status
             * @description What the receiver answered; null where it did not.
             * @example 500
             */
            status: number | null;
            /**
             * Error
             * @description What went wrong, in words; null where nothing did.
             */
            error: string | null;
        };
        /**
         * Uniform
         * @description A number between two bounds, on a linear or a logarithmic scale.
         */
        Uniform: {
            /**
             * When
             * @description Other dimensions and the values at which this one exists; without it, always.
             * @default {}
             * @example {
             *       "distillation.losses": [
             *         "RM",
             *         "RM + PFI"
             *       ]
             *     }
             */
            when: {
                [key: string]: (number | string | boolean)[];
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "uniform";
            /** Low */
            low: number;
            /** High */
            high: number;
            /**
             * Log
             * @description Sample the logarithm evenly.
             * @default false
             */
            log: boolean;
        };
        /**
         * UploadSource
         * @description Weights that were uploaded.
         */
        UploadSource: {
            /**
             * Upload
             * @description SHA-256 of what was uploaded.
             */
            upload: string;
        };
        /**
         * Verdict
         * @description The answer of a sweep, in words and in numbers.
         */
        Verdict: {
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "better" | "worse" | "unclear" | "no_baseline" | "too_early";
            /**
             * Text
             * @example trial 7 gains 26.0 AP over the baseline (95% interval 11.9 to 40.1, 3 seeds)
             */
            text: string;
            winner: components["schemas"]["Arm"] | null;
            baseline: components["schemas"]["Arm"] | null;
            gain: components["schemas"]["Gain"] | null;
            /**
             * Teacher
             * @description The teacher's value of the same metric: the ceiling.
             */
            teacher: number | null;
            /**
             * Gap Closed
             * @description Share of the way from baseline to teacher that the winner goes.
             */
            gap_closed: number | null;
            /**
             * Finalists
             * @description The best trials with their repeats, best mean first.
             */
            finalists: components["schemas"]["Arm"][];
        };
        /**
         * Webhook
         * @description Where events of a project's jobs are sent. Its secret is not shown.
         */
        Webhook: {
            /**
             * Id
             * @example hook-k3v9x2m7qa
             */
            id: string;
            /** Project */
            project: string;
            /** Url */
            url: string;
            /** States */
            states: components["schemas"]["JobState"][];
            /** Enabled */
            enabled: boolean;
            /**
             * Disabled Reason
             * @description Why it was disabled by itself.
             * @example nothing got through for a day: it answered 500
             */
            disabled_reason: string | null;
            /**
             * Failing Since
             * @description First failure since something last got through.
             */
            failing_since: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * WebhookChanges
         * @description What to change of a webhook; what is left out stays.
         */
        WebhookChanges: {
            /** Url */
            url?: string | null;
            /** States */
            states?: components["schemas"]["JobState"][] | null;
            /** Secret */
            secret?: string | null;
            /** Enabled */
            enabled?: boolean | null;
        };
        /**
         * WebhookPage
         * @description Webhooks, newest first.
         */
        WebhookPage: {
            /** Items */
            items: components["schemas"]["Webhook"][];
            /**
             * Next Cursor
             * @description Send it as `cursor` for the next page; null at the end.
             */
            next_cursor: string | null;
        };
        /**
         * WeightsSource
         * @description Where the weights of a model are: exactly one of these.
         */
        WeightsSource: {
            /**
             * Path
             * @description Safetensors file written by Stillhouse; a relative path starts at the data root.
             * @example teachers/digits.safetensors
             */
            path?: string | null;
            /**
             * Job
             * @description A job that has succeeded: its student.
             * @example job-k3v9x2m7qa
             */
            job?: string | null;
            /**
             * Torchvision
             * @description A detector that torchvision has trained on COCO, by its weights. The node that checks it fetches them, or finds them in TORCH_HOME.
             */
            torchvision?: ("RetinaNet_ResNet50_FPN_Weights.COCO_V1" | "RetinaNet_ResNet50_FPN_V2_Weights.COCO_V1" | "FCOS_ResNet50_FPN_Weights.COCO_V1") | null;
        };
        /**
         * StreamOpened
         * @description First event of every stream. What is read by other requests after it misses nothing that the stream sends.
         */
        StreamOpened: {
            /**
             * Last Event Id
             * @description Where the stream starts.
             * @example 4711
             */
            last_event_id: string;
        };
        /**
         * JobChanged
         * @description Event `state`: a job changed its state. Each is sent exactly once, also over reconnects.
         */
        JobChanged: {
            event: components["schemas"]["Event"];
            /** @description The job as it is when this is sent, which may be later than the event. */
            job: components["schemas"]["JobSummary"];
        };
        /**
         * JobProgressed
         * @description Event `progress`: anything else of a job changed. Only the latest is sent.
         */
        JobProgressed: {
            job: components["schemas"]["JobSummary"];
        };
        /**
         * MetricsLogged
         * @description Event `metrics`: new points of curves, not thinned out.
         */
        MetricsLogged: {
            /** Series */
            series: components["schemas"]["MetricSeries"][];
        };
        /**
         * LogWritten
         * @description Event `log`: the next piece of an attempt's log.
         */
        LogWritten: {
            /**
             * Attempt
             * @example 1
             */
            attempt: number;
            /**
             * Offset
             * @description Byte of the attempt's log at which `text` starts.
             * @example 0
             */
            offset: number;
            /**
             * Next Offset
             * @example 27
             */
            next_offset: number;
            /**
             * Text
             * @example step 10/800 loss 1.93
             */
            text: string;
        };
        /**
         * StreamEnded
         * @description Event `end`: the job is over and everything was sent; do not connect again.
         */
        StreamEnded: {
            state: components["schemas"]["JobState"];
        };
        /**
         * StreamCut
         * @description Event `cut`: the server ends the stream though there is more; connect again with `Last-Event-ID`.
         */
        StreamCut: {
            /**
             * Reason
             * @example the server is going down
             */
            reason: string;
        };
    };
    responses: {
        /** @description No token, or one that is not valid any more */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The role does not allow this */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listJobs: {
        parameters: {
            query?: {
                /** @description What to sort by; a minus turns the order round. `ap` is the best AP; `state` has what runs first, then what waits, then what is over. */
                sort?: "-created" | "created" | "-updated" | "updated" | "-priority" | "priority" | "name" | "-name" | "state" | "-state" | "-ap" | "ap";
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before, of the same list. */
                cursor?: string | null;
                /** @description Only jobs, or only sweeps. */
                kind?: ("job" | "sweep") | null;
                /** @description Jobs in this state; may be given several times. */
                state?: components["schemas"]["JobState"][] | null;
                /** @description Jobs of this project; may be given several times. */
                project?: string[] | null;
                /** @description Jobs with this tag; given several times, jobs with all of them. */
                tag?: string[] | null;
                /** @description Part of the teacher's model or weights file. */
                teacher?: string | null;
                /** @description Part of the student's detector and backbone. */
                student?: string | null;
                /** @description Part of a name, id, project or tag; case does not matter. */
                text?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the same job, however often the request is sent. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobSpec"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobSpec"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobSpec"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countJobs: {
        parameters: {
            query?: {
                /** @description Only jobs, or only sweeps. */
                kind?: ("job" | "sweep") | null;
                /** @description Jobs in this state; may be given several times. */
                state?: components["schemas"]["JobState"][] | null;
                /** @description Jobs of this project; may be given several times. */
                project?: string[] | null;
                /** @description Jobs with this tag; given several times, jobs with all of them. */
                tag?: string[] | null;
                /** @description Part of the teacher's model or weights file. */
                teacher?: string | null;
                /** @description Part of the student's detector and backbone. */
                student?: string | null;
                /** @description Part of a name, id, project or tag; case does not matter. */
                text?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobCounts"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetricsOfJobs: {
        parameters: {
            query: {
                /** @description Ids of jobs; may be given several times. */
                id: string[];
                /** @description Names of metrics; may be given several times. */
                key: string[];
                /** @description At most so many points of each curve. */
                max_points?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurvesOfJobs"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBaselines: {
        parameters: {
            query: {
                /** @description Ids of jobs; may be given several times. */
                id: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Baselines"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    actOnJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy that you have: 304 where it is still the present one. */
                "If-None-Match"?: string | null;
            };
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Nothing has changed since If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision that you have seen: 412 where it is not the present one any more. */
                "If-Match"?: string | null;
            };
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It has changed since the revision that If-Match names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: {
                /** @description Begin again in a new folder and a new MLflow run instead of going on from a checkpoint. */
                from_scratch?: boolean;
            };
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cloneJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the same job, however often the request is sent. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloneRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobEvents: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before, of the same list. */
                cursor?: string | null;
            };
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobMetrics: {
        parameters: {
            query?: {
                /** @description Names of metrics; may be given several times. All where none is given. */
                key?: string[] | null;
                /** @description At most so many points of each curve. */
                max_points?: number;
                /** @description Only points after this step. */
                since_step?: number | null;
            };
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Metrics"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobLogs: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                attempt?: number | null;
                /** @description Byte at which to start. */
                offset?: number;
                limit_bytes?: number;
            };
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogChunk"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamJobs: {
        parameters: {
            query?: {
                /** @description The same, for those who cannot set headers. */
                last_event_id?: string | null;
            };
            header?: {
                /** @description Where to read on: the id of the last event that was read. Browsers send it by themselves. */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description States and progress of all jobs that may be seen */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        /** @enum {string} */
                        event?: "open" | "state" | "progress" | "cut";
                        data?: string;
                        /** @description Send the last one as `Last-Event-ID` to read on. */
                        id?: string;
                        retry?: number;
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamJob: {
        parameters: {
            query?: {
                /** @description Metrics whose new points are sent; may be given several times. */
                key?: string[] | null;
                /** @description Points after this step; only those still to come where it is not given. */
                since_step?: number | null;
                /** @description The same, for those who cannot set headers. */
                last_event_id?: string | null;
            };
            header?: {
                /** @description Where to read on: the id of the last event that was read. Browsers send it by themselves. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description State, progress and metrics of one job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        /** @enum {string} */
                        event?: "open" | "state" | "progress" | "metrics" | "end" | "cut";
                        data?: string;
                        /** @description Send the last one as `Last-Event-ID` to read on. */
                        id?: string;
                        retry?: number;
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamJobLogs: {
        parameters: {
            query?: {
                /** @description The first one where none is given. */
                attempt?: number | null;
                /** @description The same, for those who cannot set headers. */
                last_event_id?: string | null;
            };
            header?: {
                /** @description Where to read on: the id of the last event that was read. Browsers send it by themselves. */
                "Last-Event-ID"?: string | null;
            };
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log of one job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        /** @enum {string} */
                        event?: "open" | "log" | "end" | "cut";
                        data?: string;
                        /** @description Send the last one as `Last-Event-ID` to read on. */
                        id?: string;
                        retry?: number;
                    };
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSweeps: {
        parameters: {
            query?: {
                /** @description What to sort by; a minus turns the order round. `ap` is the best AP; `state` has what runs first, then what waits, then what is over. */
                sort?: "-created" | "created" | "-updated" | "updated" | "-priority" | "priority" | "name" | "-name" | "state" | "-state" | "-ap" | "ap";
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before, of the same list. */
                cursor?: string | null;
                /** @description Jobs in this state; may be given several times. */
                state?: components["schemas"]["JobState"][] | null;
                /** @description Jobs of this project; may be given several times. */
                project?: string[] | null;
                /** @description Jobs with this tag; given several times, jobs with all of them. */
                tag?: string[] | null;
                /** @description Part of the teacher's model or weights file. */
                teacher?: string | null;
                /** @description Part of the student's detector and backbone. */
                student?: string | null;
                /** @description Part of a name, id, project or tag; case does not matter. */
                text?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitSweep: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the same job, however often the request is sent. */
                "Idempotency-Key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SweepSpec"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkSweep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SweepSpec"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SweepSpec"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSweep: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the copy that you have: 304 where it is still the present one. */
                "If-None-Match"?: string | null;
            };
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Nothing has changed since If-None-Match */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelSweep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTrials: {
        parameters: {
            query?: {
                /** @description Thin the reports of each trial out to about so many, peaks and ends kept; 0 leaves them out. */
                max_reports?: number | null;
            };
            header?: never;
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trials"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    steerSweep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SteerRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stopTrial: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retrainSweep: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the same job, however often the request is sent. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetrainRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forkSweep: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key gives the same job, however often the request is sent. */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloneRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSweepAnswers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answers"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTrialMetrics: {
        parameters: {
            query?: {
                /** @description Names of metrics; may be given several times. All where none is given. */
                key?: string[] | null;
                /** @description At most so many points of each curve. */
                max_points?: number;
                /** @description Only points after this step. */
                since_step?: number | null;
            };
            header?: never;
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Metrics"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDatasets: {
        parameters: {
            query?: {
                /** @description Those of this project. */
                project?: string | null;
                /** @description Part of a name or description. */
                text?: string | null;
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before, of the same list. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerDataset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDataset"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDataset: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDataset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkDataset: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dataset"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDatasetSamples: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetSamples"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDatasetSampleImage: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
                index: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The thumbnail */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": unknown;
                    "image/jpeg": unknown;
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: {
                /** @description Those of this project. */
                project?: string | null;
                /** @description Part of a name or description. */
                text?: string | null;
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before, of the same list. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerModel: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewModel"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadModel: {
        parameters: {
            query?: {
                project?: string;
                description?: string;
                /** @description Data set on which the check measures its AP. */
                evaluate_on?: string | null;
                /** @description At most so many of its validation images. */
                max_images?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        /** @description A safetensors file that Stillhouse wrote. */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The file is larger than STILLHOUSE_MAX_UPLOAD_BYTES */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkModel: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    promoteModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Promotion"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBackModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rollback"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    demoteModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                alias: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModelEvents: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before, of the same list. */
                cursor?: string | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelEventPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    promoteStudent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StudentPromotion"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    promoteTrial: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a sweep. */
                sweep_id: string;
                number: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StudentPromotion"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobLineage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lineage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModelLineage: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelLineage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDatasetLineage: {
        parameters: {
            query?: {
                /** @description The newest where none is given. */
                version?: number | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetLineage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listArtifacts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifacts"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDetections: {
        parameters: {
            query?: {
                /** @description Which evaluation; the newest where none is given. */
                step?: number | null;
            };
            header?: never;
            path: {
                /** @description Id of a job or a sweep. */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Detections"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadWeights: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProjects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Projects"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A project. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A project. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectWish"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A project. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRecipes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recipes"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCluster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cluster"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkNodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeCheck"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNodeCheck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeCheck"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description The role does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a token. */
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No token, or one that is not valid any more */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSignInCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInCode"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                principal?: string | null;
                operation?: string | null;
                /** @description Part of the path. */
                target?: string | null;
                /** @description Only what was refused or failed, or only what was not. */
                refused?: boolean | null;
                since?: string | null;
                until?: string | null;
                /** @description Entries per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                project?: string | null;
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChanges"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The body is not JSON */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body's content type is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                state?: ("pending" | "delivered" | "failed") | null;
                /** @description Items per page. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
            };
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: string;
                /** @description Id of a delivery. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such thing */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The present state does not allow this */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Some values are not allowed; `errors` names them */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text that Prometheus reads */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=1.0.0; charset=utf-8": string;
                    "text/plain": string;
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description A bug; `request_id` finds it in the server's log */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
