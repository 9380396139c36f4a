// tools/bench [NAME…] [--json]: a line for each result. --ledger FOLDER: makes the large ledger there and measures nothing.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "node/base/error.h"
#include "tools/benchmarks/benchmark.h"
#include "tools/benchmarks/large_ledger.h"

namespace paprsek::benchmarks {

WorkFolder::WorkFolder() {
    std::string name = (std::filesystem::current_path() / "build" / "bench-XXXXXX").string();
    std::filesystem::create_directories("build");
    path_ = ::mkdtemp(name.data()) ? name : std::string("build/bench");
}

WorkFolder::~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string product_code(std::uint64_t index) {
    const std::string digits = fmt::format("859{:09}", index * 37 + 1000);
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 ? 3 : 1);
    return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string product_name(std::uint64_t index) {
    static const char* const kinds[] = {"Mléko", "Chléb", "Jogurt", "Káva",   "Čokoláda", "Těstoviny", "Rýže",  "Džus",
                                        "Pivo",  "Sýr",   "Máslo",  "Šampon", "Brânză",   "Lapte",     "Țuică", "Pâine"};
    static const char* const traits[] = {"čerstvé",  "polotučné", "celozrnný", "hořká", "bílý",           "světlé",
                                         "s oříšky", "bio",       "proaspăt",  "dulce", "rodinné balení", "žluté"};
    static const char* const makers[] = {"Podhájí", "Zubřík", "Kůňovka", "Bylinka", "Rajčánek", "Hůrka", "Zimbrel", "Muntișor", "Lipová", "Údolí"};
    Sequence sequence(index);
    return fmt::format("{} {} {} {}", kinds[sequence.below(16)], traits[sequence.below(12)], makers[sequence.below(10)], index);
}

}  // namespace paprsek::benchmarks

int main(int argc, char** argv) {
    using namespace paprsek::benchmarks;
    bool json = false;
    std::string ledger;
    std::vector<std::string> wanted;
    for (int i = 1; i < argc; ++i) {
        if (std::string(argv[i]) == "--json")
            json = true;
        else if (std::string(argv[i]) == "--ledger" && i + 1 < argc)
            ledger = argv[++i];
        else
            wanted.emplace_back(argv[i]);
    }
    std::vector<Benchmark> all;
    for (auto list : {till_benchmarks(), catalogue_benchmarks(), headquarters_benchmarks(), bundle_benchmarks(), network_benchmarks(), ledger_benchmarks(),
                      loyalty_benchmarks(), receipt_benchmarks(), printing_benchmarks()})
        all.insert(all.end(), list.begin(), list.end());
    for (const std::string& name : wanted)
        if (std::none_of(all.begin(), all.end(), [&](const Benchmark& b) { return b.name == name; })) {
            std::cerr << "paprsek-bench: " << name << ": is not known (known:";
            for (const Benchmark& b : all) std::cerr << ' ' << b.name;
            std::cerr << ")\n";
            return 2;
        }
    try {
        if (!ledger.empty()) {
            make_large_ledger(ledger);
            return 0;
        }
        for (const Benchmark& benchmark : all) {
            if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), benchmark.name) == wanted.end()) continue;
            for (const Result& result : benchmark.run()) {
                if (json)
                    std::cout << nlohmann::json{{"name", result.name},     {"ours", result.ours}, {"raw", result.raw},
                                                {"ratio", result.ratio()}, {"unit", result.unit}, {"note", result.note}}
                                     .dump()
                              << std::endl;
                else
                    std::cout << fmt::format("{:<28} ours {:>12.1f}  raw {:>12.1f}  ratio {:>6.2f}  {:<12} {}", result.name, result.ours, result.raw,
                                             result.ratio(), result.unit, result.note)
                              << std::endl;
            }
        }
    } catch (const std::exception& error) {
        std::cerr << "paprsek-bench: " << error.what() << '\n';
        return 3;
    }
    return 0;
}
