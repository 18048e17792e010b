"""One page that says what it is: stands for the scans that a demo cannot have."""

from __future__ import annotations

from fpdf import FPDF


def paper(title: str) -> bytes:
    """Draw an A4 page with its title and the words that it is an example."""
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.set_font("helvetica", "B", 16)
    pdf.multi_cell(0, 10, title.encode("latin-1", "replace").decode("latin-1"), align="C")
    pdf.set_font("helvetica", size=11)
    pdf.ln(8)
    pdf.multi_cell(0, 7, "Contoh dokumen untuk mode demo. Berkas ini menggantikan hasil pindai.", align="C")
    return bytes(pdf.output())
