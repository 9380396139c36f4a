// The printer as the till's window tells of it: the worker's news as toasts, its state in a few words for the status strip, and the
// answers that the printer's screen shows.
#pragma once
#include <optional>
#include <string>

#include "fiscal/worker.h"
#include "ui/till/desk.h"

namespace paprsek::ui {

/// The newest answers to what the screen asked.
struct PrinterAnswers {
    std::optional<fiscal::ReportMade> report;
    bool z = false;  ///< of `report`
    std::optional<fiscal::Looked> looked;
    bool looking = false;
    int told = 0;  ///< grows with each piece of news
};

/// Takes the news: each becomes a toast or an answer. True where something came.
bool take_printer_news(Desk& desk);

struct PrinterWords {
    Icon icon = Icon::print;
    Tone tone = Tone::neutral;
    std::string text;
};
/// For the status strip: one short line, with what waits and since when.
PrinterWords printer_words(const Desk& desk);
/// For its screen: what it is, and a sentence.
std::string printer_title(const fiscal::PrinterState& state);
std::string printer_sentence(const fiscal::PrinterState& state);
Tone printer_tone(const fiscal::PrinterState& state);
std::string mode_words(fiscal::Mode mode);
/// What a driver or the worker said, in the window's language: theirs are English sentences.
std::string driver_sentence(const std::string& sentence);
/// Of "The printer is not there: tcp:…: cannot be opened: nothing answers at this address (check …)" what was wrong with the line at `address`.
std::string line_reason(const std::string& why, const std::string& address);

}  // namespace paprsek::ui
