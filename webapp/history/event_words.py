"""Every kind of event in words, with its icon."""

from __future__ import annotations

from engine.errors import say
from engine.model.event import EventKind
from webapp.language import gettext

KIND_ICONS = {
    EventKind.CASE_STARTED: "player-play",
    EventKind.CASE_FINISHED: "flag",
    EventKind.CASE_CANCELLED: "ban",
    EventKind.CASE_ADVANCED: "route",
    EventKind.CASE_MOVED: "transfer",
    EventKind.MOVE_UNDONE: "arrow-back-up",
    EventKind.TASK_OPENED: "inbox",
    EventKind.TASK_COMPLETED: "check",
    EventKind.TASK_CANCELLED: "ban",
    EventKind.TASK_RETURNED: "arrow-back-up",
    EventKind.TASK_AMENDED: "pencil",
    EventKind.TASK_CLAIMED: "user-check",
    EventKind.TASK_RELEASED: "user-minus",
    EventKind.TASK_ASSIGNED: "user-share",
    EventKind.TASK_TAKEN_BACK: "user-down",
    EventKind.TASK_PREPARATION_ASKED: "user-edit",
    EventKind.TASK_PREPARATION_ENDED: "user-x",
    EventKind.CLOCK_PAUSED: "clock-pause",
    EventKind.CLOCK_RESUMED: "clock-play",
    EventKind.DRAFT_SAVED: "pencil",
    EventKind.COMPLETION_WITHDRAWN: "arrow-back-up",
    EventKind.DOCUMENT_ADDED: "file-plus",
    EventKind.COMMENT_ADDED: "message",
    EventKind.DATA_ERASED: "eraser",
    EventKind.TIMER_FIRED: "alarm",
    EventKind.JOB_QUEUED: "plug",
    EventKind.JOB_TRIED: "plug-x",
    EventKind.JOB_DONE: "plug-connected",
    EventKind.JOB_GIVEN_UP: "plug-off",
    EventKind.JOB_RETRIED: "refresh",
    EventKind.MESSAGE_RECEIVED: "mail",
    EventKind.MESSAGE_UNDELIVERED: "mail-off",
    EventKind.ATTEMPT_REFUSED: "hand-stop",
    EventKind.INCIDENT_OPENED: "alert-octagon",
    EventKind.INCIDENT_RETRIED: "refresh",
    EventKind.INCIDENT_CORRECTED: "tool",
    EventKind.INCIDENT_SOLVED: "circle-check",
}
RETURNED_ICON = "arrow-back-up"
OTHER_ICON = "settings"


_HEADINGS = {
    EventKind.CASE_STARTED: say("Case started"),
    EventKind.CASE_FINISHED: say("Case finished"),
    EventKind.CASE_CANCELLED: say("Case cancelled"),
    EventKind.CASE_ADVANCED: say("The case moved on"),
    EventKind.CASE_MOVED: say("Moved to another revision of the SOP"),
    EventKind.MOVE_UNDONE: say("The move to another revision was taken back"),
    EventKind.TASK_OPENED: say("%(step)s opened"),
    EventKind.TASK_COMPLETED: say("%(step)s done"),
    EventKind.TASK_CANCELLED: say("%(step)s no longer needed"),
    EventKind.TASK_AMENDED: say("%(step)s corrected afterwards"),
    EventKind.TASK_RETURNED: say("Case sent back, off the path of the SOP"),
    EventKind.TASK_CLAIMED: say("Taken up"),
    EventKind.TASK_RELEASED: say("Given back to the role"),
    EventKind.TASK_ASSIGNED: say("Assigned to %(who)s"),
    EventKind.TASK_TAKEN_BACK: say("Taken back from %(who)s"),
    EventKind.TASK_PREPARATION_ASKED: say("%(who)s was asked to prepare it"),
    EventKind.TASK_PREPARATION_ENDED: say("Preparation ended"),
    EventKind.CLOCK_PAUSED: say("Clock stopped"),
    EventKind.CLOCK_RESUMED: say("Clock runs again"),
    EventKind.DRAFT_SAVED: say("Draft saved"),
    EventKind.COMPLETION_WITHDRAWN: say("Completion withdrawn"),
    EventKind.DOCUMENT_ADDED: say("Document added"),
    EventKind.COMMENT_ADDED: say("Comment"),
    EventKind.DATA_ERASED: say("Personal data erased"),
    EventKind.TIMER_FIRED: say("A set time was reached"),
    EventKind.JOB_QUEUED: say("%(step)s: another system was asked"),
    EventKind.JOB_TRIED: say("%(step)s: a try failed"),
    EventKind.JOB_DONE: say("%(step)s: the other system answered"),
    EventKind.JOB_GIVEN_UP: say("%(step)s: given up"),
    EventKind.JOB_RETRIED: say("%(step)s: to be tried again"),
    EventKind.MESSAGE_RECEIVED: say("A message came in"),
    EventKind.MESSAGE_UNDELIVERED: say("A message was taken by nobody"),
    EventKind.ATTEMPT_REFUSED: say("Attempt refused"),
    EventKind.INCIDENT_OPENED: say("Stopped by a problem"),
    EventKind.INCIDENT_RETRIED: say("Tried again"),
    EventKind.INCIDENT_CORRECTED: say("A value was corrected"),
    EventKind.INCIDENT_SOLVED: say("The problem is solved"),
}


# What Alur itself was asked for, and not another system.
_BY_ALUR = {
    EventKind.JOB_QUEUED: say("%(step)s: Alur's turn"),
    EventKind.JOB_DONE: say("%(step)s: done by Alur"),
    EventKind.JOB_GIVEN_UP: say("%(step)s: could not be carried out"),
}


def heading_of(kind: EventKind, step: str, who: str, *, by_alur: bool = False) -> str:
    """Say what happened in a case. ``who`` is the person it was about, where there is one."""
    if by_alur and kind in _BY_ALUR:
        return gettext(_BY_ALUR[kind].template, step=step)
    if kind not in _HEADINGS:
        return act_words(kind)
    return gettext(_HEADINGS[kind].template, step=step, who=who)


def act_words(kind: EventKind) -> str:
    """Name an act by itself, as the refusal of it does."""
    return {
        EventKind.CASE_STARTED: gettext("Starting a case"),
        EventKind.CASE_FINISHED: gettext("Finishing a case"),
        EventKind.CASE_CANCELLED: gettext("Cancelling the case"),
        EventKind.CASE_ADVANCED: gettext("Moving the case on"),
        EventKind.CASE_MOVED: gettext("Moving the case to another revision"),
        EventKind.MOVE_UNDONE: gettext("Taking a move to another revision back"),
        EventKind.TASK_OPENED: gettext("Opening a task"),
        EventKind.TASK_COMPLETED: gettext("Completing the task"),
        EventKind.TASK_CANCELLED: gettext("Cancelling the task"),
        EventKind.TASK_AMENDED: gettext("Correcting a finished step"),
        EventKind.TASK_RETURNED: gettext("Sending the case back"),
        EventKind.TASK_CLAIMED: gettext("Taking up the task"),
        EventKind.TASK_RELEASED: gettext("Giving the task back"),
        EventKind.TASK_ASSIGNED: gettext("Assigning the task"),
        EventKind.TASK_TAKEN_BACK: gettext("Taking the task back"),
        EventKind.TASK_PREPARATION_ASKED: gettext("Having the task prepared"),
        EventKind.TASK_PREPARATION_ENDED: gettext("Ending the preparation"),
        EventKind.CLOCK_PAUSED: gettext("Stopping the clock"),
        EventKind.CLOCK_RESUMED: gettext("Letting the clock run again"),
        EventKind.DRAFT_SAVED: gettext("Saving a draft"),
        EventKind.COMPLETION_WITHDRAWN: gettext("Withdrawing the completion"),
        EventKind.DOCUMENT_ADDED: gettext("Adding a document"),
        EventKind.COMMENT_ADDED: gettext("Commenting"),
        EventKind.DATA_ERASED: gettext("Erasing personal data"),
        EventKind.TIMER_FIRED: gettext("Reaching a set time"),
        EventKind.JOB_QUEUED: gettext("Asking a connector"),
        EventKind.JOB_TRIED: gettext("A failed try of a connector"),
        EventKind.JOB_DONE: gettext("An answer of a connector"),
        EventKind.JOB_GIVEN_UP: gettext("Giving a connector up"),
        EventKind.JOB_RETRIED: gettext("Having a connector tried again"),
        EventKind.MESSAGE_RECEIVED: gettext("Receiving a message"),
        EventKind.MESSAGE_UNDELIVERED: gettext("Giving a message up"),
        EventKind.ATTEMPT_REFUSED: gettext("A refused attempt"),
        EventKind.INCIDENT_OPENED: gettext("Noting a problem"),
        EventKind.INCIDENT_RETRIED: gettext("Trying again after a problem"),
        EventKind.INCIDENT_CORRECTED: gettext("Correcting a value"),
        EventKind.INCIDENT_SOLVED: gettext("Solving a problem"),
        **_office_words(),
        **_revision_words(),
    }[kind]


def _revision_words() -> dict[EventKind, str]:
    return {
        EventKind.CASES_CHOSEN: gettext("Choosing open cases to be moved"),
        EventKind.CASES_MOVE_STARTED: gettext("Moving open cases to another revision"),
        EventKind.CASES_MOVE_UNDONE: gettext("Taking the move of open cases back"),
        EventKind.CASE_KEPT: gettext("Keeping a case to try drafts on"),
        EventKind.CASE_LET_GO: gettext("No longer trying drafts on a case"),
        EventKind.PROCESS_DRAFT_STARTED: gettext("Starting a draft"),
        EventKind.PROCESS_DRAFT_SAVED: gettext("Saving a draft of a revision"),
        EventKind.PROCESS_DRAFT_DISCARDED: gettext("Discarding a draft"),
        EventKind.PROCESS_DRAFT_REHEARSED: gettext("Rehearsing a draft"),
        EventKind.QUESTION_ANSWERED: gettext("Answering an open question"),
        EventKind.VERSION_SUBMITTED: gettext("Submitting a revision"),
        EventKind.VERSION_RETURNED: gettext("Returning a revision"),
        EventKind.VERSION_APPROVED: gettext("Approving a revision"),
        EventKind.VERSION_PUT_IN_FORCE: gettext("Putting a revision in force"),
        EventKind.VERSION_WITHDRAWN: gettext("Withdrawing a revision"),
        EventKind.VERSION_REINSTATED: gettext("Putting an earlier revision in force again"),
        EventKind.REVIEW_COMMENT_ADDED: gettext("Commenting on a revision"),
        EventKind.REVIEW_COMMENT_RESOLVED: gettext("Settling a comment"),
        EventKind.VERSION_ACKNOWLEDGED: gettext("Saying that a change was read"),
        EventKind.ACKNOWLEDGEMENT_CHANGED: gettext("Changing what unread changes lead to"),
        EventKind.SUGGESTION_MADE: gettext("Suggesting an improvement"),
        EventKind.SUGGESTION_ANSWERED: gettext("Answering a suggestion"),
        EventKind.SUGGESTION_DONE: gettext("Noting which draft does what was suggested"),
    }


def _office_words() -> dict[EventKind, str]:
    """Name what happens outside cases."""
    return {
        EventKind.VERSION_DEPLOYED: gettext("Putting a revision into the library"),
        EventKind.PERSON_ADDED: gettext("Adding a person"),
        EventKind.PERSON_CHANGED: gettext("Changing a person"),
        EventKind.PASSWORD_LINK_ISSUED: gettext("Issuing a link to set a password"),
        EventKind.PASSWORD_CHANGED: gettext("Changing a password"),
        EventKind.ROLE_ADDED: gettext("Adding a role"),
        EventKind.ROLE_ASSIGNED: gettext("Giving a role"),
        EventKind.ROLE_ENDED: gettext("Ending a role"),
        EventKind.UNIT_ADDED: gettext("Adding a unit"),
        EventKind.ASSIGNMENT_ISSUED: gettext("Recording a letter of assignment"),
        EventKind.ASSIGNMENT_CHANGED: gettext("Changing a letter of assignment"),
        EventKind.ASSIGNMENT_ENDED: gettext("Ending a letter of assignment"),
        EventKind.RECORD_EXPORTED: gettext("Taking a log or a table away"),
        EventKind.CASE_READ: gettext("Reading a case"),
        EventKind.RECORD_LISTED: gettext("Reading a list over cases"),
        EventKind.SAMPLE_DRAWN: gettext("Drawing a sample"),
        EventKind.SAMPLE_CASE_NOTED: gettext("Noting a case of a sample"),
        EventKind.SAMPLE_CONCLUSION_DRAFTED: gettext("Writing the conclusion of a sample"),
        EventKind.SAMPLE_CONCLUDED: gettext("Concluding a sample"),
        EventKind.SAMPLE_REVIEWED: gettext("Reviewing a sample"),
        EventKind.FINDING_DRAFTED: gettext("Drafting a finding"),
        EventKind.FINDING_CHANGED: gettext("Changing the draft of a finding"),
        EventKind.FINDING_REVIEWED: gettext("Reviewing a finding"),
        EventKind.FINDING_DELIVERED: gettext("Delivering a finding"),
        EventKind.FINDING_ANSWERED: gettext("Answering a finding"),
        EventKind.FINDING_FOLLOWED_UP: gettext("Following up a finding"),
        EventKind.FINDING_CLOSED: gettext("Closing a finding"),
        EventKind.INQUIRY_ASKED: gettext("Asking for an explanation"),
        EventKind.INQUIRY_ANSWERED: gettext("Answering a question of the auditors"),
        EventKind.CALENDAR_CHANGED: gettext("Changing the calendar"),
        EventKind.SETTINGS_CHANGED: gettext("Changing the settings of the program"),
        EventKind.RECORD_ARCHIVED: gettext("Moving old cases to an archive file"),
        EventKind.ARCHIVE_ABANDONED: gettext("Giving up an archive file that was lost"),
        EventKind.SEAL_KEY_REPLACED: gettext("Replacing the key that signs the record"),
        EventKind.API_TOKEN_ISSUED: gettext("Making a token for another program"),
        EventKind.API_TOKEN_REVOKED: gettext("Revoking a token of another program"),
        EventKind.SIGNED_IN: gettext("Signing in"),
        EventKind.SIGNED_OUT: gettext("Signing out"),
        EventKind.SIGN_IN_REFUSED: gettext("A refused sign-in"),
        EventKind.BUNDLE_MADE: gettext("Taking evidence of a case away"),
    }
