"""What the report of `verify` says of an item: names, values, what goes wrong at run time.

In: small bindings in C. Out: lines of the text, and the same in the formats for programs.
"""

from conftest import FINDINGS, PROVED, describe
from test_verify import PACKED, build_fixture, verify  # pylint: disable=unused-import


def test_verbose_names_what_is_proved_as_it_is_declared(build):
    """As --map has it, in the order of the source, which is not that of the alphabet."""
    source = ("int epoll_wait(int, void *, int, int), epoll_create1(int);\n"
              "enum flags { EPOLLOUT_ = 4, EPOLLIN_ = 1, EPOLL_CTL_MOD_ = 3 } flags;\n"
              "int use(void) { return epoll_wait(0, 0, 0, 0) + epoll_create1(0); }\n")
    binding = build(source)
    plain, verbose = verify(binding), verify(binding, "-v")
    assert plain.code == PROVED and "EPOLLOUT_" not in plain.out, describe(plain)
    assert ("proved     3 constants\n           x86_64-linux\n"
            "             EPOLLOUT_=EPOLLOUT EPOLLIN_=EPOLLIN EPOLL_CTL_MOD_=EPOLL_CTL_MOD\n") in verbose.out, \
        describe(verbose)
    functions = verbose.out.split("proved     2 functions\n           x86_64-linux\n")[1].splitlines()[0]
    assert sorted(functions.split()) == ["epoll_create1", "epoll_wait"], describe(verbose)


def test_one_thing_is_counted_as_one(build):
    result = verify(build("enum flags { EPOLLIN = 1 } flags;\n"))
    assert result.code == PROVED and result.out.endswith("; 1 fact\n"), describe(result)
    assert "proved     1 constant\n" in result.out, describe(result)


def test_what_happens_at_run_time_is_about_the_record(build):
    """Of stat nothing that is true of epoll_event alone; of epoll_event what it does to that."""
    stat = verify(build("struct stat { long st_dev, st_ino; int x; } s;\n"), "--header", "sys/stat.h",
                  "--map", "stat=stat")
    assert stat.code == FINDINGS and "bad-size, at run time:" in stat.out, describe(stat)
    assert "epoll" not in stat.out.lower(), describe(stat)
    epoll = verify(build(PACKED.replace("Event", "epoll_event"), "aarch64-linux"))
    assert "epoll_event is 12 bytes on x86_64" in epoll.out, describe(epoll)
