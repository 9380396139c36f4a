// Benchmarks: whole-product paths beside raw SQLite writing or reading the same rows in the same run. Machines are noisy,
// so the ratio is what counts; nothing here passes or fails.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace paprsek::benchmarks {

struct Result {
    std::string name;
    double ours = 0, raw = 0;  ///< raw 0 = nothing to compare with
    std::string unit;
    std::string note;
    /// How ours compares: for times ours ÷ raw (smaller is better), for rates too (greater is better).
    double ratio() const { return raw > 0 ? ours / raw : 0; }
};

struct Benchmark {
    const char* name;
    const char* what;
    std::vector<Result> (*run)();
};

std::vector<Benchmark> till_benchmarks();
std::vector<Benchmark> catalogue_benchmarks();
std::vector<Benchmark> headquarters_benchmarks();
std::vector<Benchmark> network_benchmarks();
std::vector<Benchmark> bundle_benchmarks();
std::vector<Benchmark> ledger_benchmarks();
std::vector<Benchmark> printing_benchmarks();
std::vector<Benchmark> receipt_benchmarks();

using Timer = std::chrono::steady_clock;

/// Microseconds that `work` takes.
template <class Work>
double microseconds(Work work) {
    const auto start = Timer::now();
    work();
    return std::chrono::duration<double, std::micro>(Timer::now() - start).count();
}

/// The value below which `share` of the samples lie.
inline double percentile(std::vector<double> samples, double share) {
    std::sort(samples.begin(), samples.end());
    return samples[std::min(samples.size() - 1, static_cast<std::size_t>(share * static_cast<double>(samples.size())))];
}

/// A repeatable sequence of numbers (splitmix64).
class Sequence {
public:
    explicit Sequence(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    /// Small numbers far more often than large ones, as goods in a shop.
    std::uint64_t popular(std::uint64_t bound) {
        const std::uint64_t a = below(bound), b = below(a + 1);
        return below(b + 1);
    }

private:
    std::uint64_t state_;
};

/// A folder beside the build for benchmark data, emptied at the start and removed at the end.
class WorkFolder {
public:
    WorkFolder();
    ~WorkFolder();
    const std::string& path() const { return path_; }
    std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

/// The catalogue of benchmarks: `count` products "p 1234567…" with EAN-13 codes; the code of one.
std::string product_code(std::uint64_t index);
std::string product_name(std::uint64_t index);

}  // namespace paprsek::benchmarks
