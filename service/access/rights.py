"""The rights that each operation needs, in one place. A test asserts that every operation has a row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from service.access.roles import Role


class Where(Enum):
    """In which project a role is needed."""

    NOWHERE = auto()  # open to everybody, also without a token
    SOMEWHERE = auto()  # in any project; what is shown is cut down to the projects the principal may see
    EVERYWHERE = auto()  # in every project: what belongs to the whole installation
    OF_JOB = auto()  # in the project of the job or sweep that the path names
    OF_DATASET = auto()  # in the project of the data set that the path names
    OF_MODEL = auto()  # in the project of the model that the path names
    OF_PROJECT = auto()  # in the project that the path names
    OF_WEBHOOK = auto()  # in the project of the webhook that the path names
    IN_BODY = auto()  # in the project that the body names; checked where the body is read


@dataclass(frozen=True)
class Need:
    role: Role
    where: Where


_VIEW_JOB = Need(Role.VIEWER, Where.OF_JOB)
_EDIT_JOB = Need(Role.EDITOR, Where.OF_JOB)
_VIEW_DATASET = Need(Role.VIEWER, Where.OF_DATASET)
_EDIT_DATASET = Need(Role.EDITOR, Where.OF_DATASET)
_VIEW_MODEL = Need(Role.VIEWER, Where.OF_MODEL)
_EDIT_MODEL = Need(Role.EDITOR, Where.OF_MODEL)
_LOOK = Need(Role.VIEWER, Where.SOMEWHERE)
_ADMIN_WEBHOOK = Need(Role.ADMIN, Where.OF_WEBHOOK)
_OPEN = Need(Role.VIEWER, Where.NOWHERE)

NEEDS: dict[str, Need] = {
    "submitJob": Need(Role.EDITOR, Where.IN_BODY),
    "checkJob": Need(Role.EDITOR, Where.IN_BODY),
    "listJobs": _LOOK,
    "countJobs": _LOOK,
    "getMetricsOfJobs": _LOOK,
    "getBaselines": _LOOK,
    "getJob": _VIEW_JOB,
    "actOnJobs": Need(Role.EDITOR, Where.SOMEWHERE),  # and in the project of each job, which is refused for itself
    "changeJob": _EDIT_JOB,
    "cloneJob": _VIEW_JOB,  # and EDITOR in the project of the edited spec, checked where that is read
    "cancelJob": _EDIT_JOB,
    "pauseJob": _EDIT_JOB,
    "resumeJob": _EDIT_JOB,
    "retryJob": _EDIT_JOB,
    "listJobEvents": _VIEW_JOB,
    "getJobMetrics": _VIEW_JOB,
    "getJobLogs": _VIEW_JOB,
    "streamJobs": _LOOK,
    "streamJob": _VIEW_JOB,
    "streamJobLogs": _VIEW_JOB,
    "submitSweep": Need(Role.EDITOR, Where.IN_BODY),
    "checkSweep": Need(Role.EDITOR, Where.IN_BODY),
    "listSweeps": _LOOK,
    "getSweep": _VIEW_JOB,
    "cancelSweep": _EDIT_JOB,
    "listTrials": _VIEW_JOB,
    "steerSweep": _EDIT_JOB,
    "stopTrial": _EDIT_JOB,
    "forkSweep": _EDIT_JOB,
    "retrainSweep": _EDIT_JOB,
    "getSweepAnswers": _VIEW_JOB,
    "getTrialMetrics": _VIEW_JOB,
    "listProjects": _LOOK,
    "getProject": Need(Role.VIEWER, Where.OF_PROJECT),
    "putProject": Need(Role.ADMIN, Where.OF_PROJECT),
    "removeProject": Need(Role.ADMIN, Where.OF_PROJECT),
    "registerDataset": Need(Role.EDITOR, Where.IN_BODY),
    "listDatasets": _LOOK,
    "getDataset": _VIEW_DATASET,
    "checkDataset": _EDIT_DATASET,
    "listDatasetSamples": _VIEW_DATASET,
    "getDatasetSampleImage": _VIEW_DATASET,
    "deleteDataset": _EDIT_DATASET,
    "registerModel": Need(Role.EDITOR, Where.IN_BODY),
    "uploadModel": Need(Role.EDITOR, Where.IN_BODY),  # in the project that the query names
    "listModels": _LOOK,
    "getModel": _VIEW_MODEL,
    "checkModel": _EDIT_MODEL,
    "promoteModel": _EDIT_MODEL,
    "rollBackModel": _EDIT_MODEL,
    "demoteModel": _EDIT_MODEL,
    "listModelEvents": _VIEW_MODEL,
    "deleteModel": _EDIT_MODEL,
    "promoteStudent": _EDIT_JOB,
    "promoteTrial": _EDIT_JOB,
    "getJobLineage": _VIEW_JOB,
    "getModelLineage": _VIEW_MODEL,
    "getDatasetLineage": _VIEW_DATASET,
    "listArtifacts": _VIEW_JOB,
    "getDetections": _VIEW_JOB,
    "downloadArtifact": _VIEW_JOB,
    "downloadWeights": _VIEW_MODEL,
    "listRecipes": _LOOK,
    "getCluster": _LOOK,
    "checkNodes": Need(Role.EDITOR, Where.SOMEWHERE),
    "getNodeCheck": _LOOK,
    "getMetrics": _LOOK,
    "getHealth": _OPEN,
    "getReadiness": _OPEN,
    "getMe": _LOOK,
    "createToken": Need(Role.ADMIN, Where.IN_BODY),
    "listTokens": _LOOK,
    "revokeToken": _LOOK,  # one's own, and those of projects that one administers
    "signIn": _OPEN,  # what it is sent is the proof
    "signOut": _OPEN,  # ends the session whose cookie it is sent, and no other
    "createSignInCode": _LOOK,
    "createWebhook": Need(Role.ADMIN, Where.IN_BODY),
    "listWebhooks": Need(Role.ADMIN, Where.SOMEWHERE),
    "getWebhook": _ADMIN_WEBHOOK,
    "changeWebhook": _ADMIN_WEBHOOK,
    "deleteWebhook": _ADMIN_WEBHOOK,
    "testWebhook": _ADMIN_WEBHOOK,
    "listDeliveries": _ADMIN_WEBHOOK,
    "redeliver": _ADMIN_WEBHOOK,
    "listAudit": Need(Role.ADMIN, Where.EVERYWHERE),
}

# What is served beside the API, and so is not in the OpenAPI document.
UNLISTED: dict[str, Need] = {
    "serveDashboard": _OPEN,  # the same files for everybody; what they show comes over the API
    "serveApiDocs": _OPEN,  # as is the description that it shows
    "openMlflow": _OPEN,  # a redirect
    "proxyMlflow": Need(Role.VIEWER, Where.EVERYWHERE),  # service/http/proxy.py asks for more where MLflow would write
}
