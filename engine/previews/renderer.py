"""Draws one page and ends: a script of its own, never imported by the engine.

    renderer.py facts pdf|picture              -> JSON
    renderer.py page pdf|picture PAGE WIDTH    -> a WebP picture

The file is standard input. Everything is imported first; then the process gives up what it does not
need (memory, time, files, network, rights), and only then reads the file.
Exit codes: 0 done, 3 cannot be read, 4 no such page; anything else is a limit that was reached.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from typing import BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

_MEMORY = 1 << 30  # bytes of address space
_CPU = 15  # seconds
_ANSWER = 32 << 20  # bytes
_NOBODY = 65534
_MAX_PIXELS = 60_000_000  # of an uploaded picture: 200 MB unpacked
_MAX_HEIGHT = 6000  # pixels of an answer: a strip of a page stays legible
_FEW_COLOURS = 256
_FORMATS = (PngImagePlugin.PngImageFile, JpegImagePlugin.JpegImageFile, WebPImagePlugin.WebPImageFile)
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def give_up_rights() -> None:
    """Limit what this process can do, for good; what the machine does not offer is left out."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.unshare(_CLONE_NEWNET if os.getuid() == 0 else _CLONE_NEWUSER | _CLONE_NEWNET)
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.nice(5)
    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU),
        (resource.RLIMIT_FSIZE, _ANSWER),
        (resource.RLIMIT_NOFILE, 8),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def pdf_facts(file: BinaryIO) -> dict[str, int]:
    """Count what a PDF has, as PDFium understands it."""
    with pypdfium2.PdfDocument(file) as document:
        return {
            "pages": len(document),
            "javascript": max(0, pdfium_c.FPDFDoc_GetJavaScriptActionCount(document)),
            "attachments": max(0, pdfium_c.FPDFDoc_GetAttachmentCount(document)),
        }


def pdf_page(file: BinaryIO, page: int, width: int) -> Image.Image:
    """Draw a page of a PDF, what was filled into its fields included (this PDFium runs no scripts)."""
    with pypdfium2.PdfDocument(file) as document:
        if page > len(document):
            sys.exit(4)
        document.init_forms()
        sheet = document[page - 1]
        wide, high = sheet.get_size()
        scale = min(width / max(wide, 1), _MAX_HEIGHT / max(high, 1))
        drawn: Image.Image = sheet.render(scale=scale, may_draw_forms=True).to_pil()
        return drawn.convert("RGB")


def picture(file: BinaryIO, page: int, width: int) -> Image.Image:
    """Draw a photo upright on white, its hidden facts (place, camera) left behind."""
    if page > 1:
        sys.exit(4)
    with Image.open(file, formats=[kind.format for kind in _FORMATS if kind.format]) as photo:
        photo.draft("RGB", (width, width))
        upright = ImageOps.exif_transpose(photo)
        upright.thumbnail((width, _MAX_HEIGHT))
        if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
            upright = upright.convert("RGBA")
            paper = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(paper, upright)
        return upright.convert("RGB")


def answer(request: list[str], file: BinaryIO, out: BinaryIO) -> None:
    """Do what the arguments ask."""
    match request:
        case ["facts", "pdf"]:
            out.write(json.dumps(pdf_facts(file)).encode())
        case ["facts", "picture"]:
            picture(file, 1, 160)
            out.write(b'{"pages": 1}')
        case ["page", kind, page, width]:
            draw = pdf_page if kind == "pdf" else picture
            drawn = draw(file, int(page), int(width))
            few = drawn.getcolors(_FEW_COLOURS) is not None
            drawn.save(out, "WEBP", lossless=few, quality=60 if few else 82, method=2)


def main() -> None:
    """Give up rights, then read."""
    Image.MAX_IMAGE_PIXELS = _MAX_PIXELS // 2  # Pillow refuses at twice this
    give_up_rights()
    try:
        answer(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except Exception:  # noqa: BLE001 - whatever a hostile file makes of the libraries: it cannot be read
        os._exit(3)


if __name__ == "__main__":
    main()
