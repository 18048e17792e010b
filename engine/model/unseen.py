"""What is said of a thing that somebody may not see: it is not found, whether or not it is there."""

from __future__ import annotations

from engine.errors import say

NO_PAGE = say("This page does not exist, or is not for your role.")
NO_TASK = say("This task does not exist, or it is not for your role.")
NO_CASE = say("This case does not exist, or it is not for your role.")
NO_DRAFT = say("This draft does not exist, or it is not for your role.")
NO_ASSIGNMENT = say("This letter of assignment does not exist, or is not of your office.")
NO_FINDING = say("This finding does not exist, or it is not for your role.")
NO_INQUIRY = say("This question does not exist, or it was not put to you.")
NO_INCIDENT = say("This problem does not exist, or it is not for your role.")
NO_SAMPLE = say("This sample does not exist, or is not for your team.")
