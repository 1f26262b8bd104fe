"""`verify` on records as they are in the wild: flat, nested, with unions, older than the headers.

In: C declarations of records of the system, right and wrong ones. Out: exit codes and lines of the
report. What is right was laid out by the compiler, from the system's own headers.
"""

import pytest

from conftest import FINDINGS, PROVED, describe
from test_verify import build_fixture, verify  # pylint: disable=unused-import

INTEGERS = "#include <stdint.h>\n"

# An arm of ifreq, sigevent or bpf_attr, a block of bytes, and a flat field are all right.
RIGHT = [
    ("linux/if.h", "ifreq", "struct { char name[16]; char room[24]; }"),
    ("linux/if.h", "ifreq", "struct { char name[16]; union { int16_t flags; char room[24]; } u; }"),
    ("linux/if.h", "ifreq", "struct { char ifr_name[16]; int16_t ifr_flags; char pad[22]; }"),
    ("asm/siginfo.h", "sigevent", "struct { void *sigev_value; int sigev_signo, sigev_notify, tid, rest[11]; }"),
    ("linux/bpf.h", "bpf_attr", "union { struct { uint32_t map_type, key_size, value_size; } create;"
     " struct { uint32_t map_fd; uint64_t key, value, flags; } elem; uint8_t room[144]; }"),
    ("linux/input.h", "input_event", "struct { long sec, usec; uint16_t type, code; int32_t value; }"),
    ("sys/timerfd.h", "itimerspec", "struct { int64_t interval_sec, interval_nsec, value_sec, value_nsec; }"),
    ("linux/perf_event.h", "perf_event_attr", "struct { uint32_t type, size; uint64_t config, sample_period,"
     " sample_type, read_format, bits; uint32_t wakeup_events, bp_type; uint64_t bp_addr; }"),
]

WRONG = [
    ("linux/if.h", "ifreq", "struct { char ifr_name[16]; void *data; }", "bad-size: it"),
    ("linux/input.h", "input_event", "struct { long usec, sec; uint16_t type, code; int32_t value; }",
     "bad-offset: it.time.tv_sec"),
    ("sys/timerfd.h", "itimerspec", "struct { int64_t value_sec, value_nsec, interval_sec, interval_nsec; }",
     "bad-offset: it.it_interval.tv_sec"),
    ("linux/perf_event.h", "perf_event_attr", "struct { uint32_t type, size; uint64_t sample_period, config,"
     " sample_type, read_format, bits; uint32_t wakeup_events, bp_type; uint64_t bp_addr; }",
     "bad-offset: it.config"),
    ("linux/perf_event.h", "perf_event_attr", "struct { uint32_t type, size; uint64_t config, sample_period,"
     " sample_type, read_format, bits; uint32_t wakeup_events, bp_type, bp_addr; }",
     "bad-width: it.bp_addr"),
]


def names(rows):
    return [f"{row[1]}-{number}" for number, row in enumerate(rows)]


@pytest.mark.parametrize("header, record, spelling", RIGHT, ids=names(RIGHT))
def test_a_right_record_in_another_spelling_is_no_finding(build, header, record, spelling):
    result = verify(build(f"{INTEGERS}{spelling} anchor;\n"), "--header", header, "--map", f"var:anchor={record}")
    assert result.code == PROVED and "0 with findings" in result.out, describe(result)


@pytest.mark.parametrize("header, record, spelling, finding", WRONG, ids=names(WRONG))
def test_a_wrong_record_is_found_by_the_names_within(build, header, record, spelling, finding):
    result = verify(build(f"{INTEGERS}{spelling} anchor;\n"), "--header", header, "--map", f"var:anchor={record}")
    assert result.code == FINDINGS and finding.replace("it", record, 1) in result.out, describe(result)


@pytest.mark.parametrize("record, fields, finding", [
    ("epoll_event", "unsigned events : 1, : 31; unsigned long data; } __attribute__((packed)", "epoll_event.events"),
    ("pollfd", "int fd : 8, : 24; short events : 3, : 13, revents : 1, : 15; }  __attribute__((aligned(4))",
     "pollfd.revents")], ids=["epoll_event", "pollfd"])
def test_a_bit_field_is_as_wide_as_the_field(build, record, fields, finding):
    result = verify(build(f"struct {record} {{ {fields}) anchor;\n"))
    assert result.code == FINDINGS and f"bad-width: {finding}" in result.out, describe(result)


def test_fields_in_reserved_bytes_are_a_note_and_an_error_if_all_are_wanted(build):
    """signalfd_siginfo as headers had it before 5.x: all that it names is right."""
    source = ("#include <stdint.h>\nstruct signalfd_siginfo { uint32_t ssi_signo; int32_t ssi_errno, ssi_code;\n"
              "uint32_t ssi_pid, ssi_uid; int32_t ssi_fd; uint32_t ssi_tid, ssi_band, ssi_overrun, ssi_trapno;\n"
              "int32_t ssi_status, ssi_int; uint64_t ssi_ptr, ssi_utime, ssi_stime, ssi_addr; uint8_t pad[48]; } s;\n")
    older = verify(build(source), "-v")
    whole = verify(build(source), "--complete", "signalfd")
    assert older.code == PROVED and "note: older-record: signalfd_siginfo" in older.out, describe(older)
    assert whole.code == FINDINGS and "error: older-record: signalfd_siginfo" in whole.out, describe(whole)


def test_a_record_by_bytes_is_counted_apart_and_strict_refuses_it(build):
    """Fields whose names say nothing are right as far as bytes tell, which is less than proved."""
    source = "#include <stdint.h>\nstruct { int32_t a; uint32_t b, c, d; } anchor;\n"
    arguments = [build(source), "--map", "var:anchor=inotify_event"]
    plain, strict = verify(*arguments), verify(*arguments, "--strict")
    assert plain.code == PROVED and "0 of 1 items proved, 1 by bytes" in plain.out, describe(plain)
    assert "names do not say which is which (--map says it): cookie len mask wd" in plain.out, describe(plain)
    assert strict.code == FINDINGS and "by-bytes: inotify_event" in strict.out, describe(strict)
