"""BPMN: read, checked and run with SpiffWorkflow, whose only importer this package is. Writes nothing."""
