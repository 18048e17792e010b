"""Runs a set of BPMN files with expected traces: ``make conformance DIR=…``. Not part of ``make test``."""
