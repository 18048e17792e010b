"""Drawings made on the server, as SVG that needs no script: diagram, position strip, time bars, SOP table.

They take values of ``engine.model`` and words that are already in the reader's language, and give
Markup in which every text is escaped. Colours are classes of ``assets/css/drawing.css``.
"""
