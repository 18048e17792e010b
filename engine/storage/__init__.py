"""The only importer of SQLAlchemy's writing side: tables, the only commit, one module per noun."""
