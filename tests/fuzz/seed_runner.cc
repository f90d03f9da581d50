// Runs a fuzz target without libFuzzer: over every seed, and over mutations of each that are the same on every run.
#include <cstdint>
#include <cstdlib>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& input) {
  // A heap copy of just that size, so that ASan sees one byte too far.
  const std::vector<std::uint8_t> copy(input.begin(), input.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

void mutate(std::string& input, std::mt19937& random) {
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  if (input.empty()) input.push_back('a');
  switch (below(6)) {
    case 0: input[below(input.size())] = static_cast<char>(random()); break;
    case 1: input.erase(below(input.size()), 1 + below(8)); break;
    case 2: input.insert(below(input.size() + 1), 1 + below(4), static_cast<char>(random())); break;
    case 3: input.resize(below(input.size() + 1)); break;
    case 4: {
      const std::size_t from = below(input.size());
      input.insert(below(input.size() + 1), input.substr(from, 1 + below(32)));
      break;
    }
    default: input[below(input.size())] ^= static_cast<char>(1 << below(8)); break;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 0, runs = 0;
  std::mt19937 random(20261124);
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i], error)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string seed{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      run(seed);
      ++seeds, ++runs;
      const std::size_t mutations = seed.size() > 100000 ? 5 : 200;
      for (std::size_t k = 0; k < mutations; ++k, ++runs) {
        std::string input = seed;
        for (std::size_t n = 1 + random() % 4; n > 0; --n) mutate(input, random);
        run(input);
      }
    }
  }
  std::printf("%zu seeds, %zu runs\n", seeds, runs);
  return seeds == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
