"""The whole SOP as four people work it: each step is what somebody reads, fills in and presses.

The draft is refused once; the drafter reads the notes and answers them in a second round.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from engine.clock import Clock
from engine.demo_paper import paper
from engine.holidays import office_calendar
from tests.journeys.person import Person

KADIN, SEKDIN = "Kepala Dinas", "Sekretaris Dinas"
KASUB, STAF = "Kasubbag Penyusunan Program", "Staf Subbag Penyusunan Program"
SOP = "Penyusunan Dokumen Indikator Kinerja"
_BEFORE_MIDNIGHT = timedelta(minutes=2)
UNITS = ("Sekretariat", "Bidang Pembinaan SD")
NOTES = "Target nomor 2 lebih rendah daripada capaian 2026."
INDICATORS = (
    "Mutu layanan pendidikan\tPersentase SD terakreditasi\tSD terakreditasi ÷ SD × 100\t%\t92,50"
    "\tDapodik\tBidang Pembinaan SD\n"
    "Akses pendidikan\tAngka partisipasi sekolah\tMurid ÷ penduduk usia sekolah × 100\t%\t97,10"
    "\tDapodik, BPS\tBidang Pembinaan SD\n"
)


def in_days(days: int) -> str:
    """Write the working day so many days from now, as people type it.

    Shortly before midnight it waits for the next day: what is typed today would be sent tomorrow.
    """
    while _date(later=_BEFORE_MIDNIGHT) != _date():
        time.sleep(1)
    today = _date()
    calendar = office_calendar(range(today.year, today.year + 2))
    day = next(islice(calendar.working_days_after(today), days - 1, None)) if days else today
    return f"{day:%d-%m-%Y}"


def _date(later: timedelta = timedelta()) -> date:
    return (Clock().now() + later).astimezone(ZoneInfo("Asia/Jakarta")).date()


@cache
def day_of_meeting() -> str:
    """Write the day for which the meeting is planned: the same to the end of the story."""
    return in_days(2)


def memerintahkan(who: Person) -> None:
    assert who.sees("Memerintahkan penyusunan Indikator Kinerja Dinas Pendidikan")
    who.fill("Perihal", "Penyusunan Indikator Kinerja 2031")
    who.tick("Sifat", "Segera")
    who.tick("Diteruskan kepada", "Kasub, Kasubbag Penyusunan Program")
    who.fill("Isi disposisi", "Mohon disusun bersama seluruh bidang dan sekretariat.")


def membuat_format(who: Person) -> None:
    who.fill("Judul format", "Format Indikator Kinerja 2031")
    who.tick("Kolom yang diisi bidang", "Sasaran strategis", "Indikator kinerja", "Target")
    who.tick("Bidang/sekretariat yang mengisi", *UNITS)
    who.fill("Batas pengembalian", in_days(6))


def menyampaikan_format(who: Person) -> None:
    who.tick("Cara penyampaian", "Surat elektronik")


def memerintahkan_undangan(who: Person) -> None:
    who.fill("Staf yang ditugaskan", "Staf, Staf Subbag Penyusunan Program")
    who.fill("Instruksi", "Buat undangan rapat dan sampaikan kepada semua bidang.")
    who.fill("Rencana tanggal rapat", day_of_meeting())


def membuat_undangan(who: Person) -> None:
    who.fill("Nomor surat", "005/187/409.101/2026")
    who.tick("Sifat", "Segera")
    who.fill("Hal", "Undangan rapat")
    who.fill("Penanda tangan", "Sekdin, Sekretaris Dinas")
    assert who.value("Hari/tanggal") == day_of_meeting()
    who.fill("Waktu (pukul)", "09.00")
    who.fill("Tempat", "Ruang rapat")
    who.fill("Acara", "Pembahasan konsep indikator kinerja")
    who.fill("Bidang/sekretariat, baris 1", UNITS[0])
    who.fill("Jawaban, baris 1", "Hadir")


def rapat_pembahasan(who: Person) -> None:
    who.fill("Pimpinan rapat", "Sekdin, Sekretaris Dinas")
    who.fill("Notulis", "Staf, Staf Subbag Penyusunan Program")
    who.fill("Mulai", f"{in_days(0)} 09.00")
    who.fill("Selesai", f"{in_days(0)} 11.10")
    who.fill("Nama, baris 1", "Sri Wahyuni")
    who.fill("Jabatan, baris 1", "Kepala Bidang")
    who.fill("Unit, baris 1", "Bidang Pembinaan SD")
    who.press("Tambah baris")
    who.fill("Nama, baris 2", "Hadi Santoso")
    who.fill("Jabatan, baris 2", "Sekretaris")
    who.fill("Unit, baris 2", "Sekretariat")
    who.fill("Notulen/pembahasan", "Disepakati dua indikator.")
    who.fill("Keputusan atau tindak lanjut, baris 1", "Bidang mengirim data dukung")
    who.fill("Penanggung jawab, baris 1", "Semua bidang")


def menghimpun_data(who: Person) -> None:
    who.fill("Bidang/sekretariat, baris 1", UNITS[1])
    who.fill("Lengkap/tidak, baris 1", "Lengkap")
    table = "Tabel indikator terkumpul"
    who.fill("Baris dari lembar kerja", INDICATORS, within=table)
    who.press("Tempel ke tabel", within=table)
    assert who.value("Target, baris 2") == "97,10"


def menganalisis_data(who: Person) -> None:
    for row in (1, 2):
        for column, value in (("SMART", "Ya"), ("Selaras Renstra/RPJMD", "Ya"), ("Data tersedia", "Ada")):
            who.fill(f"{column}, baris {row}", value)
        who.fill(f"Kesimpulan, baris {row}", "Dipakai")
    who.fill("Rekomendasi", "Semua dapat dipakai.")


def membuat_draft(who: Person) -> None:
    assert who.value("Tahun/periode") == "2031"
    assert who.value("Nomor versi draft") == "1"
    assert who.value("Formulasi/cara hitung, baris 1") == "SD terakreditasi ÷ SD × 100"


def mengembalikan(who: Person) -> None:
    who.fill("Catatan reviu", NOTES)
    who.tick("Bagian yang harus diperbaiki", "Target")


def memperbaiki_draft(who: Person) -> None:
    assert who.sees(NOTES)
    assert who.value("Nomor versi draft") == "2"
    assert who.value("Target, baris 2") == "97,10"
    who.fill("Target, baris 2", "98,40")
    who.fill("Tanggapan atas catatan reviu", "Dinaikkan sesuai capaian.")


def menyetujui(who: Person) -> None:
    assert who.sees("98,40")
    assert who.value("Catatan reviu") == ""


def menandatangani(who: Person) -> None:
    who.tick("Cara tanda tangan", "Basah (unggah hasil pindai)")
    who.attach("Dokumen bertanda tangan", "dokumen.pdf", paper("Dokumen indikator kinerja"))


def membuat_surat_pengantar(who: Person) -> None:
    who.fill("Nomor surat", "050/213/409.101/2026")
    who.fill("Yth. (tujuan) dan alamat", "Kepala Bappeda\nBlitar")
    who.fill("Penanda tangan", "Sekdin, Sekretaris Dinas")
    who.fill("Jenis naskah/barang yang dikirim, baris 1", "Dokumen Indikator Kinerja 2031")
    who.fill("Banyaknya, baris 1", "2 eksemplar")
    who.fill("Staf yang mengirim", "Staf, Staf Subbag Penyusunan Program")


def mengarsipkan(who: Person) -> None:
    who.fill("Nama penerima", "Nur Aini")
    who.attach("Bukti tanda terima", "tanda-terima.pdf", paper("Tanda terima"))
    who.fill("Jumlah salinan", "2")
    who.fill("Kode klasifikasi arsip", "050")
    who.fill("Lokasi arsip (elektronik dan fisik)", "Lemari 3 rak 2")


@dataclass(frozen=True)
class Step:
    """One task: whose it is, its name, what is filled in, the button, and what is said then."""

    seat: str
    task: str
    fill: Callable[[Person], None]
    button: str
    then: str  # who has the case now


STEPS = (
    Step(KADIN, "Memerintahkan penyusunan", memerintahkan, "Selesai, teruskan ke Kasub", "Kasub"),
    Step(KASUB, "Membuat format data", membuat_format, "Selesai", "Anda"),
    Step(KASUB, "Menyampaikan format", menyampaikan_format, "Selesai", "Anda"),
    Step(KASUB, "Memerintahkan undangan", memerintahkan_undangan, "Selesai, teruskan ke Staf", "Staf"),
    Step(STAF, "Membuat undangan", membuat_undangan, "Selesai, teruskan ke Kasub", "Kasub"),
    Step(KASUB, "Rapat pembahasan", rapat_pembahasan, "Selesai", "Anda"),
    Step(KASUB, "Menghimpun data", menghimpun_data, "Selesai", "Anda"),
    Step(KASUB, "Menganalisis data", menganalisis_data, "Selesai", "Anda"),
    Step(KASUB, "Membuat draft", membuat_draft, "Selesai, teruskan ke Sekdin", "Sekdin"),
    Step(SEKDIN, "Mereviu draft", mengembalikan, "Kembalikan ke Kasub", "Kasub"),
    Step(KASUB, "Membuat draft", memperbaiki_draft, "Selesai, teruskan ke Sekdin", "Sekdin"),
    Step(SEKDIN, "Mereviu draft", menyetujui, "Setujui, teruskan ke Kadin", "Kadin"),
    Step(KADIN, "Menandatangani dokumen", menandatangani, "Selesai, teruskan ke Kasub", "Kasub"),
    Step(KASUB, "Membuat surat pengantar", membuat_surat_pengantar, "Selesai, teruskan ke Staf", "Staf"),
    Step(STAF, "Mengantar dan mengarsipkan", mengarsipkan, "Selesai", ""),
)


def sign_in(who: Person, seat: str) -> None:
    """Change to another role with one click."""
    who.open("/sign-in")
    who.press(seat)
    assert who.stands_at("Tugas saya")


def begin(who: Person, year: str = "2031") -> str:
    """Start a case as Kadin; gives its number. For one year there is one case, else one is warned."""
    sign_in(who, KADIN)
    who.follow("Pustaka SOP")
    who.follow(SOP)
    who.follow("Mulai berkas baru")
    who.fill("Tahun berkas", year)
    who.press("Mulai berkas")
    assert who.stands_at("Memerintahkan penyusunan")
    return who.read(r"Berkas (\S+/IK/\d+) dimulai")


def take(who: Person, number: str, task: str) -> None:
    """Find a task of the case in the inbox by the case's number, and open it."""
    who.open("/tasks")
    who.fill("Cari", number)
    who.press("Terapkan")
    assert who.comes_to("/tasks?")  # else a task of the same name of another case is followed
    who.follow(task)
    assert who.stands_at(task)


def work(who: Person, number: str, step: Step) -> None:
    """Do one step of the case, and read what is said of it."""
    sign_in(who, step.seat)
    take(who, number, step.task)
    step.fill(who)
    who.press(step.button)
    still = "masih" if step.then == "Anda" else "sekarang"
    where = f"{still} pada {step.then}" if step.then else "sudah selesai seluruhnya"
    assert who.sees(f"{step.task} selesai. Berkas {number} {where}.")
