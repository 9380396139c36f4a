#include "tools/slips.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "fiscal/escpos/device.h"
#include "fiscal/from_fact.h"
#include "node/base/csv.h"
#include "node/base/json.h"
#include "tools/edge.h"

namespace paprsek::tools {
namespace {

using fiscal::Slip;
using node::Exit;
using node::Json;

[[noreturn]] void wrong_use(std::string what, std::string why, std::string hint) {
    throw node::Error(Exit::usage, std::move(what), std::move(why), std::move(hint));
}

const fiscal::EscposModel& model_of(const std::string& name) {
    if (const auto* model = fiscal::find_escpos_model(name)) return *model;
    std::string names;
    for (const fiscal::EscposModel& model : fiscal::escpos_models()) names += (names.empty() ? "" : ", ") + std::string(model.name);
    wrong_use("--profile", "\"" + name + "\" is no receipt printer", names);
}

std::string format_of(const SlipOptions& options) {
    if (!options.format.empty()) {
        for (const char* known : {"text", "pdf", "png", "escpos"})
            if (options.format == known) return known;
        wrong_use("--format", "\"" + options.format + "\" is no format", "text, pdf, png or escpos");
    }
    const auto dot = options.file.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : options.file.substr(dot + 1);
    if (ending == "pdf" || ending == "png" || ending == "escpos") return ending;
    if (ending == "bin" || ending == "prn") return "escpos";
    return "text";
}

/// Whole or not there.
void write_file(const std::string& path, std::string_view bytes) {
    const std::string part = path + ".part";
    std::FILE* file = std::fopen(part.c_str(), "wb");
    const bool written = file && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    const bool closed = file && std::fclose(file) == 0;
    if (written && closed && std::rename(part.c_str(), path.c_str()) == 0) return;
    std::remove(part.c_str());
    node::fail(path, "cannot be written", "does its folder exist, and is there room?");
}

/// What a screen draws: rows of letters, codes by their data.
Json preview(const Slip& slip) {
    Json rows = Json::array();
    for (const auto& block : slip.blocks) {
        if (const auto* row = std::get_if<fiscal::Row>(&block)) {
            Json json = {{"text", row->text}};
            if (row->bold) json["bold"] = true;
            if (row->across > 1) json["across"] = row->across;
            if (row->down > 1) json["down"] = row->down;
            rows.push_back(std::move(json));
        } else if (const auto* code = std::get_if<fiscal::CodeBlock>(&block)) {
            rows.push_back({{"code", fiscal::print(code->kind)}, {"data", code->data}});
        } else if (const auto* picture = std::get_if<fiscal::Picture>(&block)) {
            rows.push_back({{"picture", fmt::format("{}x{}", picture->dots->width(), picture->dots->height())}});
        }
    }
    return {{"columns", slip.columns}, {"rows", std::move(rows)}};
}

Exit print_at(const Slip& slip, const fiscal::EscposModel& model, const SlipOptions& options, bool json) {
    fiscal::EscposOptions printer;
    printer.model = &model;
    printer.address = options.address;
    printer.open = [&] { return fiscal::open_transport(options.address); };
    printer.silent = options.silent;
    fiscal::EscposDevice device(std::move(printer));
    const fiscal::Reply reply = device.print(slip);
    if (json) {
        Json answer = {{"printed", reply.ok()}, {"answer", fiscal::print(reply.answer)}, {"at", options.address}};
        if (!reply.ok()) answer["why"] = reply.why;
        print(answer, true);
    } else if (reply.ok()) {
        std::cout << "Printed at " << options.address << ".\n";
    } else {
        std::cerr << "paprsek: " << options.address << ": " << reply.why
                  << (reply.answer == fiscal::Answer::unknown ? " (look at the paper before you print it again)" : "") << '\n';
    }
    return reply.ok() ? Exit::ok : Exit::refused;
}

}  // namespace

void SlipOptions::add_to(CLI::App& command) {
    command.add_option("NAME", name, "3.1-000017, 3.1/41 (what fact 41 booked), z, z5, x, statement or brief-statement")->required();
    command.add_option("--customer", customer, "number or card, of a statement");
    command.add_option("--format", format, "text, pdf, png or escpos");
    command.add_option("--out", file, "a file instead of standard output");
    command.add_option("--columns", columns, "letters a line; else the printer's, else the stationery's");
    command.add_option("--profile", profile, "a receipt printer, such as escpos-epson or escpos-58");
    command.add_option("--locale", locale, "cs, ro or en instead of the node's");
    command.add_option("--to", address, "print at once: tcp:HOST:9100, serial:/dev/ttyUSB0@9600, file:/dev/usb/lp0, cups:QUEUE");
    command.add_flag("--silent", silent, "the printer at --to never answers");
    command.add_flag("--original", original, "not marked as a copy");
}

Exit print_slip(const std::string& folder, const SlipOptions& options, bool json) {
    const bool statement = options.name == "statement" || options.name == "brief-statement";
    if (statement && options.customer.empty()) wrong_use("receipt " + options.name, "needs a customer", "name one by --customer: a number or a card");
    if (!statement && !options.customer.empty()) wrong_use("--customer", "is of a statement alone", "leave it out");
    if (!options.address.empty() && (!options.file.empty() || !options.format.empty()))
        wrong_use("--to", "prints, and writes no file", "leave --out and --format out");
    const std::string format = options.address.empty() ? format_of(options) : "escpos";
    if (options.file.empty() && (format == "pdf" || format == "png")) wrong_use("--format " + format, "needs a file", "name it by --out");
    if (options.columns != 0 && (options.columns < fiscal::Roll::least_columns || options.columns > fiscal::Roll::most_columns))
        wrong_use("--columns", fmt::format("is {}", options.columns), fmt::format("{} to {}", fiscal::Roll::least_columns, fiscal::Roll::most_columns));

    const auto node = node::Node::open(folder, node::system_clock(), node::system_random());
    std::optional<int> columns = options.columns ? std::optional(options.columns) : std::nullopt;
    const fiscal::EscposModel* model = options.profile.empty() ? nullptr : &model_of(options.profile);
    if (!model && format == "escpos") model = &model_of(columns.value_or(fiscal::stationery(*node).columns) <= 32 ? "escpos-58" : "escpos-epson");
    if (model && !columns) columns = model->columns;
    fiscal::Form form = fiscal::form_of(*node, columns);
    if (!options.locale.empty()) form.locale = options.locale;
    const Slip slip = statement ? fiscal::statement_of(*node, options.customer, options.name == "brief-statement", form)
                                : fiscal::slip_of(*node, options.name, form, options.original ? fiscal::Issue::original : fiscal::Issue::copy);
    if (!options.address.empty()) return print_at(slip, *model, options, json);

    std::string bytes;
    if (format == "text") bytes = fiscal::print_text(slip);
    if (format == "png") {
        const fiscal::Bitmap picture = fiscal::picture_of(slip);
        if (picture.height() > fiscal::longest_png) node::refuse(options.name, "is too long for a picture", "write it as PDF");
        bytes = fiscal::png_of(picture);
    }
    if (format == "escpos") {
        const fiscal::Bytes printed = fiscal::escpos_bytes(slip, *model);
        bytes.assign(printed.begin(), printed.end());
    }
    if (format == "pdf")
        fiscal::write_pdf(slip, options.file);
    else if (!options.file.empty())
        write_file(options.file, bytes);
    if (json) {
        Json answer = preview(slip);
        if (!options.file.empty()) answer["file"] = options.file;
        print(answer, true);
    } else if (options.file.empty()) {
        std::cout << bytes;
    } else {
        std::cout << options.file << ": " << format << '\n';
    }
    return Exit::ok;
}

void StationeryOptions::add_to(CLI::App& command) {
    command.add_option("--set", file, R"(a JSON file: {"header":["Street 1","VAT 123"],"footer":["Thank you"],"columns":48,"proof":"qr"})");
    command.add_option("--logo", logo, "a PNG that stands above everything");
    command.add_flag("--no-logo", no_logo, "takes the logo away");
}

Exit stationery(const std::string& folder, const StationeryOptions& options, bool json) {
    if (options.no_logo && !options.logo.empty()) wrong_use("--no-logo", "and --logo contradict each other", "give one of them");
    const auto node = node::Node::open(folder, node::system_clock(), node::system_random());
    if (!options.file.empty() || !options.logo.empty() || options.no_logo) {
        std::string picture;
        if (!options.logo.empty()) picture = node::read_file(options.logo, 4u << 20);
        const std::optional<std::string_view> logo = options.no_logo || !options.logo.empty() ? std::optional<std::string_view>(picture) : std::nullopt;
        if (!options.file.empty()) {
            fiscal::set_stationery(*node, node::read_file(options.file, 64u << 10), node::base_name(options.file), logo);
        } else {
            Json as_it_is = fiscal::stationery_json(fiscal::stationery(*node));
            as_it_is.erase("logo");
            fiscal::set_stationery(*node, as_it_is.dump(), "stationery", logo);
        }
    }
    const Json shown = fiscal::stationery_json(fiscal::stationery(*node));
    std::cout << (json ? shown.dump() : shown.dump(2)) << '\n';
    return Exit::ok;
}

}  // namespace paprsek::tools
