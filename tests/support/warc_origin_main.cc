// warc_origin --warc FILE [--warc FILE]... --ca-out CA.PEM [--log FILE]: an HTTP(S) forward proxy
// that plays WARC files as if they were the live web. Prints its port on standard output and serves
// until SIGTERM or SIGINT.
#include <signal.h>

#include <cstdio>
#include <string_view>

#include "core/base/file.h"
#include "tests/support/warc_origin.h"

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> warcs;
  std::filesystem::path ca_out, log;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--warc") warcs.emplace_back(argv[i + 1]);
    if (option == "--ca-out") ca_out = argv[i + 1];
    if (option == "--log") log = argv[i + 1];
  }
  if (warcs.empty() || ca_out.empty()) {
    std::fprintf(stderr, "usage: warc_origin --warc FILE... --ca-out CA.PEM [--log FILE]\n");
    return 2;
  }
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends,
                  nullptr);  // before any thread starts: all of them leave the signals to sigwait
  signal(SIGPIPE, SIG_IGN);
  const auto origin = wm::test::WarcOrigin::start(warcs, log);
  if (!origin) {
    std::fprintf(stderr, "warc_origin: %s\n", origin.error().what.c_str());
    return 1;
  }
  if (const auto written = wm::replace_file(ca_out, (*origin)->ca_pem()); !written) {
    std::fprintf(stderr, "warc_origin: %s\n", written.error().what.c_str());
    return 1;
  }
  std::printf("%u\n", (*origin)->port());
  std::fflush(stdout);
  int got = 0;
  sigwait(&ends, &got);
  return 0;
}
