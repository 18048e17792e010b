"""Sources of styles and scripts, and the script that builds them into ``webapp/static``."""
