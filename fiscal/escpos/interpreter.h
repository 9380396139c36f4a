// A receipt printer that prints on memory: it reads ESC/POS as a printer does, and shows what would be on the paper, as lines of
// text and as dots. For demonstrations and tests; it is written from the makers' manuals and not from the encoder beside it.
//
// Bytes come in any pieces. A command that it does not know is refused by name and passed over; no byte makes it fail. Everything
// is bounded: a document's length, its lines, what is kept of refusals. Threads: one.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "fiscal/escpos/model.h"
#include "fiscal/receipt/bitmap.h"
#include "fiscal/receipt/symbol.h"
#include "fiscal/transport.h"

namespace paprsek::fiscal {

struct PrintedLine {
    std::string text;   ///< UTF-8; what stands further right than its beginning has blanks before it
    bool bold = false;  ///< of its first letter
    int across = 1, down = 1;
};
struct PrintedCode {
    SymbolKind kind = SymbolKind::qr;
    std::string data;
};

/// What came out between two cuts.
struct PrintedPaper {
    std::vector<PrintedLine> lines;
    std::vector<PrintedCode> codes;
    Bitmap dots;
    bool cut = false;
    std::string text() const;  ///< a line each
};

enum class PaperRoll { enough, low, out };

class EscposInterpreter {
public:
    explicit EscposInterpreter(const EscposModel& model);
    ~EscposInterpreter();
    EscposInterpreter(const EscposInterpreter&) = delete;
    EscposInterpreter& operator=(const EscposInterpreter&) = delete;

    /// Takes bytes in and does what it can; without paper or with an open cover they wait.
    void feed(ByteView bytes);
    /// What the printer says, in order: answers, and status by itself where that was asked for.
    Bytes take_replies();

    void set_paper(PaperRoll roll);
    /// The roll ends after so many dots from now.
    void set_paper_left(int dots) { paper_left_ = dots; }
    void set_cover(bool open);
    void set_drawer_open(bool open);
    /// The cutter sticks until 10 05 2; then what waited is dropped.
    void set_cutter_stuck() { cutter_stuck_ = true; }
    /// Off and on: what was not printed is forgotten, the paper stays where it is.
    void restart();

    /// Finished by a cut, in order; then the one that is being printed, maybe empty. `keep` of the finished ones are kept, the newest.
    static constexpr std::size_t keep = 1000;
    const std::deque<PrintedPaper>& finished() const { return finished_; }
    const PrintedPaper& current() const { return current_; }
    /// Takes the paper at hand off, as a person at the tear-off edge does.
    void tear_off() { end_paper(false); }

    /// Commands that it does not know or could not do, by name: "1B 99", "EAN-13 with 12A".
    const std::vector<std::string>& refused() const { return refused_; }
    /// Real-time commands that were obeyed in the middle of another command's data.
    int accidents() const { return accidents_; }
    int drawer_pulses() const { return drawer_pulses_; }
    /// Bytes that wait: for the rest of a command, or for paper.
    std::size_t waiting() const { return waiting_.size(); }
    const EscposModel& model() const { return model_; }

private:
    struct Command;
    static const std::vector<Command>& commands();
    struct Piece {
        int x = 0, width = 0, height = 0;
        std::u32string letters;  ///< of equal style, side by side; empty: `dots`
        Bitmap dots;
        bool bold = false, inverted = false, underlined = false;
        int across = 1, down = 1, font = 0;
    };
    struct Modes {
        bool bold = false, inverted = false;
        int underline = 0, across = 1, down = 1, font = 0, align = 0, spacing = escpos_line_height, right_space = 0, margin = 0, width = 0;
        int bar_height = 162, bar_width = 3, bar_text = 0;
        int qr_size = 3;
        QrLevel qr_level = QrLevel::low;
        std::string qr_data;
        const CodePage* page = nullptr;
    };

    // interpreter.cpp: reading
    void obey_real_time(ByteView bytes);
    void real_time(unsigned char command, unsigned char number);
    void work();
    /// How many bytes at the front of `bytes` make one command or letter, after doing it; 0 = the rest is not there yet.
    std::size_t step(ByteView bytes);
    std::size_t size_of(const Command& command, ByteView bytes) const;
    void obey(const Command& command, ByteView arguments);
    void refuse(std::string what);
    bool can_print() const { return roll_ != PaperRoll::out && !cover_open_ && !cutter_stuck_; }
    unsigned char status(int number) const;
    Bytes automatic_status() const;
    void status_changed();

    // interpreter_commands.cpp: what needs more than a line
    void letters(std::string_view bytes);
    void code_function(ByteView data);
    void graphics(ByteView data);
    void bars(ByteView arguments);
    void bit_image(ByteView arguments);
    void raster(ByteView arguments);
    void select_page(unsigned char number);
    void say_identity(unsigned char number);

    // interpreter_paper.cpp: paper
    int cell_width() const;
    int cell_height() const;
    int area() const;
    void put_letter(char32_t letter);
    void move_to(int x);
    void put_dots(const Bitmap& dots);
    void end_line();
    void feed_dots(int dots);
    void place(const Bitmap& dots, int across = 1, int down = 1);
    void place_code(SymbolKind kind, const std::string& data, int module, int height);
    void end_paper(bool cut);
    void advance(int dots);

    const EscposModel& model_;
    Lettering large_, small_;
    Modes modes_;
    std::vector<Piece> line_;
    int x_ = 0, y_ = 0;
    Bytes waiting_, replies_;
    unsigned char last_ = 0, before_last_ = 0;  ///< of the bytes that came in: a real-time command may come in pieces
    PrintedPaper current_;
    std::deque<PrintedPaper> finished_;
    std::vector<std::string> refused_;
    std::optional<Bitmap> stored_graphics_;
    PaperRoll roll_ = PaperRoll::enough;
    std::optional<int> paper_left_;
    bool cover_open_ = false, drawer_open_ = false, cutter_stuck_ = false;
    unsigned char automatic_ = 0;
    int accidents_ = 0, drawer_pulses_ = 0;
};

}  // namespace paprsek::fiscal
