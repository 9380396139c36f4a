// What is fuzzed: everything that reads bytes from outside. A target takes any bytes and returns; input may be refused
// (node::Error with exit `refused`), and nothing else may leave it: no other exception, no assert, no sanitizer's report.
// The same functions run under libFuzzer (fuzzer_main.cpp, tools/fuzz) and over the kept corpus in every build (corpus_test.cpp).
// What devices hear has a program of its own, so that whoever fuzzes the rest need not build fiscal/.
#pragma once
#include <string_view>

#include "node/base/error.h"

namespace paprsek::fuzz {

void bundle(std::string_view bytes);    ///< a bundle's file: its clear header, then all of it with a signature that fits
void records(std::string_view bytes);   ///< what the records of a bundle unpack from, and what they are packed from
void known(std::string_view bytes);     ///< the same by known lines: how many of the lines that follow in the first byte
void up(std::string_view bytes);        ///< the text of a bundle of facts, merged by an HQ
void down(std::string_view bytes);      ///< the text of HQ's reply, applied by a branch
void http(std::string_view bytes);      ///< what comes in at the server's socket
void fact(std::string_view bytes);      ///< a fact: its kind in the first byte, then its body
void policy(std::string_view bytes);
void csv(std::string_view bytes);       ///< a catalogue, groups or customers
void script(std::string_view bytes);    ///< lines of a sell script, rung up
void escpos(std::string_view bytes);    ///< a model of printer in the first byte, the size of pieces in the second, then what a printer gets

struct Target {
    std::string_view name;
    void (*run)(std::string_view bytes);
};
inline constexpr Target targets[] = {
    {"bundle", bundle}, {"records", records}, {"known", known}, {"up", up}, {"down", down}, {"http", http}, {"fact", fact},
    {"policy", policy}, {"csv", csv}, {"script", script},
};
inline constexpr Target device_targets[] = {{"escpos", escpos}};

/// Calls, and takes a refusal as an answer.
template <class Call>
void may_refuse(Call call) {
    try {
        call();
    } catch (const node::Error& error) {
        if (error.exit() != node::Exit::refused) throw;
    }
}

}  // namespace paprsek::fuzz
