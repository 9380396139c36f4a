// Rules of the repository that a reader would otherwise have to watch: who may include whom (ARCHITECTURE.md), and what
// a source file may not hold.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <vector>

namespace fs = std::filesystem;

namespace {

fs::path root() {
    const char* folder = std::getenv("PAPRSEK_SOURCE");
    REQUIRE_MESSAGE(folder, "PAPRSEK_SOURCE names the repository's folder");
    return folder;
}

std::string text_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

const std::set<std::string> folders = {"schema", "node", "sync", "hq", "fiscal", "ui", "tools"};

struct Source {
    std::string name;  ///< "node/till.cpp"
    std::string folder;
    std::vector<std::string> lines;
};

/// Our own files with one of the endings; build folders and vendored code aside.
std::vector<Source> sources(const std::set<std::string>& endings) {
    std::vector<Source> all;
    for (auto entry = fs::recursive_directory_iterator(root()); entry != fs::recursive_directory_iterator(); ++entry) {
        const std::string name = fs::relative(entry->path(), root()).generic_string();
        const std::string last = entry->path().filename().string();
        if (entry->is_directory() && (name == "build" || last == "third_party" || (last.starts_with('.') && last != ".ci"))) {
            entry.disable_recursion_pending();
            continue;
        }
        if (entry->is_regular_file() && endings.contains(entry->path().extension().string()))
            all.push_back({name, name.substr(0, name.find('/')), lines_of(text_of(entry->path()))});
    }
    return all;
}

const std::vector<Source>& code() {
    static const std::vector<Source> all = sources({".h", ".cpp"});
    return all;
}

/// What every folder may include, from the fenced block ```arrows with lines such as `node -> schema`.
std::map<std::string, std::set<std::string>> arrows(const std::string& document) {
    std::map<std::string, std::set<std::string>> allowed;
    bool inside = false;
    static const std::regex arrow(R"(\s*(\w+)\s*->\s*([\w,\s]+?)\s*)");
    for (const std::string& line : lines_of(document)) {
        if (line.starts_with("```")) {
            inside = line.starts_with("```arrows");
            continue;
        }
        std::smatch match;
        if (!inside || !std::regex_match(line, match, arrow)) continue;
        std::istringstream targets(match[2].str());
        for (std::string target; std::getline(targets, target, ',');) {
            target.erase(0, target.find_first_not_of(' '));
            allowed[match[1].str()].insert(target.substr(0, target.find_last_not_of(' ') + 1));
        }
    }
    return allowed;
}

/// "file:line" of every line of `sources` that matches.
std::string found(const std::vector<Source>& files, const std::regex& pattern, const std::set<std::string>& only = {}) {
    std::string places;
    for (const Source& file : files) {
        if (!only.empty() && !only.contains(file.folder)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (std::regex_search(file.lines[i], pattern)) places += "\n" + file.name + ":" + std::to_string(i + 1) + ": " + file.lines[i];
    }
    return places;
}

/// The line without its comment and without the texts in quotes.
std::string bare(const std::string& line) {
    static const std::regex quoted(R"("(\\.|[^"\\])*")");
    const std::string without = std::regex_replace(line, quoted, "\"\"");
    return without.substr(0, without.find("//"));
}

std::size_t places(const std::string& line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

TEST_CASE("includes follow the arrows of ARCHITECTURE.md") {
    const std::string document = text_of(root() / "ARCHITECTURE.md");
    REQUIRE_MESSAGE(!document.empty(), "ARCHITECTURE.md is missing");
    const auto allowed = arrows(document);
    REQUIRE_MESSAGE(!allowed.empty(), "ARCHITECTURE.md has no block ```arrows");
    static const std::regex include(R"(^\s*#\s*include\s*[<"]([a-z_]+)/)");
    std::size_t seen = 0;
    for (const Source& file : code()) {
        if (!folders.contains(file.folder)) continue;
        for (const std::string& line : file.lines) {
            std::smatch match;
            if (!std::regex_search(line, match, include)) continue;
            const std::string target = match[1].str();
            if (target == "tests") FAIL_CHECK(file.name << " includes a test: " << line);
            if (!folders.contains(target) || target == file.folder) continue;
            ++seen;
            const auto arrow = allowed.find(file.folder);
            CHECK_MESSAGE((arrow != allowed.end() && arrow->second.contains(target)), file.name << ": no arrow " << file.folder << " -> " << target);
        }
    }
    CHECK(seen > 20);
    // The arrows themselves go one way.
    for (const auto& [from, targets] : allowed)
        for (const std::string& target : targets) {
            CHECK_MESSAGE(folders.contains(target), "an arrow to a folder that is none: " << target);
            const auto back = allowed.find(target);
            CHECK_MESSAGE((back == allowed.end() || !back->second.contains(from)), "arrows both ways: " << from << " and " << target);
        }
}

TEST_CASE("the block of arrows is read as it is written") {
    const auto read = arrows("text\n```arrows\nnode -> schema\nui -> node, sync ,hq\n```\n```\nschema -> ui\n```\n");
    CHECK(read.size() == 2);
    CHECK(read.at("node") == std::set<std::string>{"schema"});
    CHECK(read.at("ui") == std::set<std::string>{"node", "sync", "hq"});
}

TEST_CASE("no line is longer than 160 columns") {
    for (const Source& file : sources({".h", ".cpp", ".cmake", ".sql", ".txt"}))
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            CHECK_MESSAGE(places(file.lines[i]) <= 160, file.name << ":" << i + 1 << " has " << places(file.lines[i]) << " columns");
}

TEST_CASE("nothing is left for later") {
    const std::regex left(std::string("\\b(TO") + "DO|FIX" + "ME|XX" + "X)\\b");
    const std::string places = found(sources({".h", ".cpp", ".cmake", ".sql", ".txt", ".sh"}), left);
    CHECK_MESSAGE(places.empty(), places);
}

TEST_CASE("no floating point near money") {
    static const std::regex floating(R"(\b(float|double)\b)");
    std::string places;
    // Pauses and seconds of the network, where no amount comes by.
    const std::set<std::string> of_time = {"sync/agent.h",  "sync/agent.cpp", "sync/schedule.cpp", "hq/server.h",
                                           "hq/server.cpp", "hq/traffic.h",   "hq/traffic.cpp"};
    for (const Source& file : code()) {
        if (!std::set<std::string>{"schema", "node", "sync", "hq"}.contains(file.folder) || of_time.contains(file.name)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i)
            if (std::regex_search(bare(file.lines[i]), floating)) places += "\n" + file.name + ":" + std::to_string(i + 1) + ": " + file.lines[i];
    }
    CHECK_MESSAGE(places.empty(), places);
}

TEST_CASE("tests do not sleep") {
    const std::regex sleeping(std::string(R"(\b(sleep_)") + R"(for|sleep_until|u?sleep|nanosleep)\s*\()");
    std::vector<Source> files;
    for (const Source& file : code())
        // Those wait for another program: its window, its socket, the moment to kill it.
        if (!std::set<std::string>{"tests/ui/display.h", "tests/store/cluster.h", "tests/network/crash_test.cpp", "tests/network/faults_test.cpp"}.contains(
                file.name))
            files.push_back(file);
    const std::string places = found(files, sleeping, {"tests"});
    CHECK_MESSAGE(places.empty(), places);
}

TEST_CASE("no path of one machine") {
    const std::regex machine(std::string("(/ho") + "me/|/ro" + "ot/|/wo" + "rk/|/Us" + "ers/|C:" + R"(\\)\w)");
    const std::string places = found(sources({".h", ".cpp", ".cmake", ".sql", ".txt", ".sh", ".md", ".json"}), machine);
    CHECK_MESSAGE(places.empty(), places);
}

// A migration's place is its number: PRAGMA user_version counts them (schema/migrations.h).
TEST_CASE("migrations are numbered without holes or doubles") {
    for (const char* store : {"branch", "hq", "hq_postgres"}) {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(root() / "schema" / store)) names.insert(entry.path().filename().string());
        int number = 0;
        for (const std::string& name : names) {
            CAPTURE(name);
            CHECK(std::stoi(name.substr(0, 3)) == ++number);
        }
        CHECK(number > 0);
    }
}

TEST_CASE("the list of sentences names every sentence of both texts once, and tests that are there") {
    std::set<std::string> tests;
    static const std::regex test_case(R"re(TEST_CASE\("((?:[^"\\]|\\.)*)")re");
    for (const Source& source : code())
        if (source.name.starts_with("tests/")) {
            std::string text;
            for (const std::string& line : source.lines) text += line + "\n";
            for (auto found = std::sregex_iterator(text.begin(), text.end(), test_case); found != std::sregex_iterator(); ++found) tests.insert((*found)[1]);
        }
    std::vector<int> seen_czech(118, 0), seen_romanian(41, 0);
    static const std::regex row(R"(\| ([CR])(\d+)(?:–[CR](\d+))? \|[^|]*\|[^|]*\| (.*) \|)");
    for (const std::string& line : lines_of(text_of(root() / "tests/node/SOURCES.md"))) {
        std::smatch match;
        if (!std::regex_match(line, match, row)) {
            CHECK_MESSAGE((!line.starts_with("| C") && !line.starts_with("| R")), "no row of the list: " << line);
            continue;
        }
        auto& seen = match[1] == "C" ? seen_czech : seen_romanian;
        const int first = std::stoi(match[2]), last = match[3].matched ? std::stoi(match[3]) : first;
        for (int i = first; i <= last; ++i) ++seen.at(static_cast<std::size_t>(i) - 1);
        std::string names = match[4];
        if (names == "—") continue;
        // Names may hold a semicolon themselves: the longest run of parts that is a test's name is one.
        std::vector<std::string> parts;
        for (std::size_t at = 0; at <= names.size();) {
            const std::size_t end = std::min(names.find("; ", at), names.size());
            parts.push_back(names.substr(at, end - at));
            at = end + 2;
        }
        for (std::size_t i = 0; i < parts.size();) {
            std::size_t taken = 0;
            std::string name;
            for (std::size_t k = i; k < parts.size(); ++k) {
                name += (k > i ? "; " : "") + parts[k];
                if (tests.contains(name)) taken = k - i + 1;
            }
            CHECK_MESSAGE(taken > 0, match[1].str() << match[2].str() << ": no test is called \"" << parts[i] << "\"");
            i += std::max<std::size_t>(taken, 1);
        }
    }
    CHECK(seen_czech == std::vector<int>(118, 1));
    CHECK(seen_romanian == std::vector<int>(41, 1));
}

TEST_CASE("the list of rows has every row of PRODUCT.md once, and its tests are there") {
    std::map<std::string, std::vector<std::string>> cases;  // of each program
    static const std::regex test_case(R"re(TEST_CASE(?:_TEMPLATE)?\(\s*"((?:[^"\\]|\\.)*)")re");
    for (const Source& source : code()) {
        if (source.folder != "tests") continue;
        std::string text;
        for (const std::string& line : source.lines) text += line + "\n";
        const std::string program = source.name.substr(6, source.name.find('/', 6) - 6);
        for (auto each = std::sregex_iterator(text.begin(), text.end(), test_case); each != std::sregex_iterator(); ++each)
            cases[program].push_back((*each)[1]);
    }
    const std::string registered = text_of(root() / "tests/CMakeLists.txt");
    const auto is_there = [&](const std::string& entry) {
        const std::size_t colon = entry.find(": ");
        if (colon == std::string::npos) return registered.find("add_test(NAME " + entry + " ") != std::string::npos;
        std::string name = entry.substr(colon + 2);
        const bool begins = name.ends_with('*');
        if (begins) name.pop_back();
        const auto& of_program = cases[entry.substr(0, colon)];
        return std::any_of(of_program.begin(), of_program.end(), [&](const std::string& each) { return begins ? each.starts_with(name) : each == name; });
    };
    static const std::regex row(R"(\| ([TLACSFU]\d+) \| (.+) \| (.+) \|)"), entry("`([^`]+)`");
    std::map<std::string, int> rows;
    for (const std::string& line : lines_of(text_of(root() / "tests/ROWS.md"))) {
        std::smatch match;
        if (!std::regex_match(line, match, row)) continue;
        ++rows[match[1]];
        for (const std::string& cell : {match[2].str(), match[3].str()}) {
            CHECK_MESSAGE(cell.find('`') != std::string::npos, match[1].str() << " has an empty cell");
            for (auto each = std::sregex_iterator(cell.begin(), cell.end(), entry); each != std::sregex_iterator(); ++each)
                CHECK_MESSAGE(is_there((*each)[1]), match[1].str() << ": no test is called " << (*each)[1].str());
        }
    }
    std::map<std::string, int> wanted;
    for (const auto& [letter, count] : std::map<std::string, int>{{"T", 15}, {"L", 18}, {"A", 7}, {"C", 6}, {"S", 9}, {"F", 6}, {"U", 6}})
        for (int i = 1; i <= count; ++i) wanted[letter + std::to_string(i)] = 1;
    CHECK(rows == wanted);
}

TEST_CASE("what the window says in its own words of an exchange, sync/ or a file does say") {
    std::string said;
    for (const Source& source : code())
        if (source.folder == "sync" || source.folder == "node")
            for (const std::string& line : source.lines) said += line + "\n";
    static const std::regex joint(R"("\s*\n\s*")"), entry(R"re(\{"([^"]+)",\s*mark\()re"), word(R"(\w+)");
    said = std::regex_replace(said, joint, "");
    const auto is_said = [&](const std::string& begins) {
        if (said.find(begins) != std::string::npos) return true;
        // One of its words may be filled in.
        for (auto each = std::sregex_iterator(begins.begin(), begins.end(), word); each != std::sregex_iterator(); ++each) {
            const auto at = static_cast<std::size_t>(each->position());
            if (at > 0 && said.find(begins.substr(0, at) + "{}" + begins.substr(at + each->str().size())) != std::string::npos) return true;
        }
        return false;
    };
    const std::string words = text_of(root() / "ui/till/exchange_words.cpp");
    int entries = 0;
    for (auto each = std::sregex_iterator(words.begin(), words.end(), entry); each != std::sregex_iterator(); ++each, ++entries) {
        CAPTURE((*each)[1].str());
        CHECK(is_said((*each)[1].str()));
    }
    CHECK(entries > 20);
}
