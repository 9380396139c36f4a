#include "ui/kit/play.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "ui/kit/locale.h"
#include "ui/kit/utf8.h"

namespace paprsek::ui {
namespace {

struct Word {
    std::string_view word;
    Step::Does does;
};
constexpr Word step_words[] = {{"screen", Step::Does::screen}, {"key", Step::Does::key},       {"type", Step::Does::type},   {"scan", Step::Does::scan},
                               {"touch", Step::Does::touch},   {"click", Step::Does::click},   {"drop", Step::Does::drop},   {"themes", Step::Does::themes},
                               {"sizes", Step::Does::sizes},   {"picture", Step::Does::picture}, {"look", Step::Does::look}};

struct NamedKey {
    std::string_view name;
    int key;
};
constexpr NamedKey named_keys[] = {{"Enter", GLFW_KEY_ENTER}, {"Esc", GLFW_KEY_ESCAPE},    {"Tab", GLFW_KEY_TAB},       {"Up", GLFW_KEY_UP},
                                   {"Down", GLFW_KEY_DOWN},   {"Left", GLFW_KEY_LEFT},     {"Right", GLFW_KEY_RIGHT},   {"Home", GLFW_KEY_HOME},
                                   {"End", GLFW_KEY_END},     {"PgUp", GLFW_KEY_PAGE_UP},  {"PgDn", GLFW_KEY_PAGE_DOWN}, {"Del", GLFW_KEY_DELETE},
                                   {"Ins", GLFW_KEY_INSERT},  {"Back", GLFW_KEY_BACKSPACE}, {"Space", GLFW_KEY_SPACE}};

/// Digits and letters as the key that has them by the US layout.
KeyPress key_for(char32_t c) {
    if (c >= '0' && c <= '9') return pressed(GLFW_KEY_0 + static_cast<int>(c - '0'), c);
    if (c >= 'a' && c <= 'z') return pressed(GLFW_KEY_A + static_cast<int>(c - 'a'), c);
    if (c >= 'A' && c <= 'Z') return pressed(GLFW_KEY_A + static_cast<int>(c - 'A'), c);
    if (c == ' ') return pressed(GLFW_KEY_SPACE, c);
    if (c == ';') return pressed(GLFW_KEY_GRAVE_ACCENT, c);
    return pressed(GLFW_KEY_UNKNOWN, c);
}

PlaySize size_from(std::string_view text) {
    PlaySize size{0, 0, 1, std::string(text.substr(0, text.find('@')))};
    const std::size_t cross = text.find('x'), at = text.find('@');
    std::from_chars(text.data(), text.data() + text.size(), size.width);
    if (cross != std::string_view::npos) std::from_chars(text.data() + cross + 1, text.data() + text.size(), size.height);
    int zoom = 1;
    if (at != std::string_view::npos) std::from_chars(text.data() + at + 1, text.data() + text.size(), zoom);
    size.zoom = static_cast<float>(zoom);
    if (size.width < 320 || size.height < 320 || zoom < 1 || zoom > 3) throw std::runtime_error("'" + std::string(text) + "' is no size such as 1366x768");
    return size;
}

std::vector<std::string> split(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> parts;
    for (std::string part; in >> part;) parts.push_back(part);
    return parts;
}

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\t') c = ' ';
    }
    return text;
}

}  // namespace

std::optional<KeyPress> key_from(std::string_view name) {
    if (name.starts_with("Ctrl+") || name.starts_with("Shift+")) {
        auto key = key_from(name.substr(name.find('+') + 1));
        if (key) (name[0] == 'C' ? key->control : key->shift) = true;
        return key;
    }
    for (const NamedKey& each : named_keys) {
        if (each.name == name) return pressed(each.key);
    }
    int number = 0;
    if (name.size() > 1 && name[0] == 'F' && std::from_chars(name.data() + 1, name.data() + name.size(), number).ptr == name.data() + name.size() &&
        number >= 1 && number <= 12)
        return pressed(GLFW_KEY_F1 + number - 1);
    if (!name.empty() && utf8_next(name, 0) == name.size()) return key_for(utf8_decode(name, 0));
    return std::nullopt;
}

std::vector<KeyPress> keys_of(std::string_view text) {
    std::vector<KeyPress> keys;
    for (std::size_t i = 0; i < text.size(); i = utf8_next(text, i)) keys.push_back(key_for(utf8_decode(text, i)));
    return keys;
}

std::vector<Step> parse_play(std::string_view text, const std::string& name) {
    std::vector<Step> steps;
    std::istringstream in{std::string(text)};
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (line.empty() || line[0] == '#') continue;
        const std::size_t blank = line.find(' ');
        const auto found = std::find_if(std::begin(step_words), std::end(step_words), [&](const Word& word) { return word.word == line.substr(0, blank); });
        if (found == std::end(step_words) || blank == std::string::npos)
            throw std::runtime_error(name + ": line " + std::to_string(number) + ": '" + line + "' is no step");
        steps.push_back({found->does, line.substr(blank + 1)});
    }
    return steps;
}

Play::Play(const std::filesystem::path& file, std::filesystem::path pictures) : pictures_(std::move(pictures)), sizes_{size_from("1024x768")} {
    std::ifstream in(file);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read");
    std::ostringstream text;
    text << in.rdbuf();
    steps_ = parse_play(text.str(), file.string());
    std::error_code fault;
    std::filesystem::create_directories(pictures_, fault);
    if (fault) throw std::runtime_error(pictures_.string() + ": cannot be made: " + fault.message());
    remember_said();
}

bool Play::paints() const {
    return std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return step.does == Step::Does::picture; });
}

bool Play::next(Stage& stage) {
    if (at_ >= steps_.size()) return false;
    const Step& step = steps_[at_];
    if (step.does == Step::Does::picture || step.does == Step::Does::look) {
        take(stage);
    } else {
        act(stage, step);
        ++at_;
    }
    return at_ < steps_.size();
}

void Play::touch(Stage& stage, const std::string& text) {
    Point middle;
    const std::string wanted = text[0] == '~' ? text.substr(1) : tr(text.c_str());
    if (!stage.inspection().find(wanted, middle)) throw std::runtime_error("touch: nothing on the screen says '" + wanted + "'");
    stage.click(middle);
}

void Play::act(Stage& stage, const Step& step) {
    switch (step.does) {
        case Step::Does::screen:
            if (!stage.show(step.text)) throw std::runtime_error("screen: there is no '" + step.text + "'");
            break;
        case Step::Does::key:
            for (const std::string& name : split(step.text)) {
                const auto key = key_from(name);
                if (!key) throw std::runtime_error("key: '" + name + "' is no key");
                stage.press(*key);
            }
            break;
        case Step::Does::type:
            for (const KeyPress& key : keys_of(step.text)) stage.press(key);
            break;
        case Step::Does::scan: stage.scan(step.text); break;
        case Step::Does::touch: touch(stage, step.text); break;
        case Step::Does::click: {
            const auto parts = split(step.text);
            if (parts.size() != 2) throw std::runtime_error("click: takes X and Y");
            stage.click({std::stof(parts[0]), std::stof(parts[1])});
            break;
        }
        case Step::Does::drop: stage.drop(step.text); break;
        case Step::Does::themes:
            themes_.clear();
            for (const std::string& name : split(step.text)) {
                const auto theme = theme_from(name);
                if (!theme) throw std::runtime_error("themes: '" + name + "' is not light, dark or contrast");
                themes_.push_back(*theme);
            }
            break;
        case Step::Does::sizes:
            sizes_.clear();
            for (const std::string& size : split(step.text)) sizes_.push_back(size_from(size));
            break;
        case Step::Does::picture:
        case Step::Does::look: break;
    }
    if (themes_.empty() || sizes_.empty()) throw std::runtime_error("themes, sizes: at least one");
}

std::string Play::picture_name() const {
    static constexpr const char* names[] = {"light", "dark", "contrast"};
    const ThemeName theme = themes_[look_ % themes_.size()];
    return steps_[at_].text + "." + names[static_cast<std::size_t>(theme)] + "." + sizes_[look_ / themes_.size()].name;
}

/// In one call the window is asked for the look, in the next it has it.
void Play::take(Stage& stage) {
    if (!dressed_) {
        stage.set_look(themes_[look_ % themes_.size()], sizes_[look_ / themes_.size()]);
        dressed_ = true;
        return;
    }
    dressed_ = false;
    const std::string name = picture_name();
    if (steps_[at_].does == Step::Does::picture) stage.save(pictures_ / (name + ".png"));
    std::ofstream faults(pictures_ / "faults.tsv", std::ios::app), texts(pictures_ / "texts.tsv", std::ios::app);
    for (const Inspection::Fault& fault : stage.inspection().faults())
        faults << name << '\t' << name_of(fault.kind) << '\t' << (fault.words ? "words" : "data") << '\t' << one_line(fault.text) << '\t'
               << one_line(fault.detail) << '\n';
    if (look_ == 0) {
        for (const Inspection::Text& text : stage.inspection().texts())
            texts << name << '\t' << (is_said(text.whole) ? "words" : "data") << '\t' << one_line(text.whole) << '\n';
    }
    if (!faults.flush() || !texts.flush()) throw std::runtime_error(pictures_.string() + ": cannot be written");
    if (++look_ < themes_.size() * sizes_.size()) return;
    look_ = 0;
    ++at_;
}

}  // namespace paprsek::ui
