// A table that somebody made elsewhere (C4), over a page of the console: the file is read first and what it would change is told row by
// row, then it is taken over, whole or not at all.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/hq/console.h"
#include "ui/hq/file_ask.h"
#include "ui/kit/actions.h"
#include "ui/kit/list.h"

namespace paprsek::ui {

/// What a table says and comes to, ready to be drawn: made by the worker that read it.
struct TableRead {
    struct Figure {
        const char* label;
        std::int64_t count = 0;
        Tone tone = Tone::neutral;
    };
    enum class Kind { wrong, warned, added, changed };
    struct Line {
        Kind kind = Kind::changed;
        std::string what, says;
    };
    std::vector<Figure> figures;
    std::vector<Line> lines;    ///< not all of very many
    std::string refusal = {};   ///< empty: it can be taken over
    std::int64_t changes = 0;
};

class ImportSheet {
public:
    /// How it is read: as the sheet asks for it.
    struct Asked {
        std::string choice;
        bool flag = false;
        bool preview = true;
    };
    struct Table {
        std::string title, chooser, columns;
        std::string choice = {};                ///< what is chosen among `choices`
        std::vector<std::string> choices = {};  ///< such as the programmes whose cards the table may list; empty: nothing is asked
        std::string flag = {};                  ///< a switch beside; empty: none
        /// On a worker. Rows that are wrong are thrown, or told by `refusal`.
        std::function<TableRead(hq::Headquarters&, const std::string& file, const Asked&)> read;
    };

    explicit ImportSheet(Console& console) : console_(console) {}
    /// Asks for the file first.
    void choose(Table table);
    void read(Table table, const std::filesystem::path& file);
    /// Another file for the table that is open.
    void read(const std::filesystem::path& file);

    bool open() const { return open_; }
    bool settled() const { return asking_.settled() && !reading_.running(); }
    /// Something was taken over, since last asked.
    bool take_done() { return std::exchange(done_, false); }
    /// While it is open every key is its own.
    bool key(const KeyPress& press);
    bool tick();
    /// False where nothing is open.
    bool draw(Ui& ui, Rect area);

private:
    void ask();
    void start(bool preview);
    void leave();
    std::vector<Action> actions();
    void choose_next(int by);
    void draw_choices(Ui& ui, Rect& inside);
    void draw_lines(Ui& ui, Rect inside);

    Console& console_;
    Table table_;
    FileAsk asking_;
    std::filesystem::path file_;
    std::size_t choice_ = 0;
    bool open_ = false, flag_ = false, done_ = false, taking_ = false;
    std::optional<TableRead> shown_;
    ListState list_;
    Task<TableRead> reading_;
};

/// What goods, prices or groups, customers and cards come to; for Table::read.
TableRead read_catalogue(hq::Headquarters& headquarters, const std::string& file, bool preview, const Words& words);
TableRead read_customers(hq::Headquarters& headquarters, const std::string& file, bool preview, const Words& words);
TableRead read_cards(hq::Headquarters& headquarters, const std::string& file, const hq::CardListOptions& options);

/// A file that may be a table, by its name.
bool looks_like_table(const std::filesystem::path& file);

}  // namespace paprsek::ui
