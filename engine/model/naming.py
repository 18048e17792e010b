"""How a person is named on a page: by post, as the office does, and by name, because a post has several."""

from __future__ import annotations


def post_and_name(name: str, post: str) -> str:
    """Name a person where there is room for both: Staf Subbag (Joko)."""
    return f"{post} ({name})" if post and name and post != name else post or name
