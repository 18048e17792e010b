"""The library of SOPs: each as a readable page made from its diagram, and the start of a case."""
