"""The commands of ``alur``, a module each: it has a ``command`` and is loaded when that is called."""
