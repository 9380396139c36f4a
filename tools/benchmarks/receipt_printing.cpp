// A receipt of thirty lines on its way to a receipt printer: laid out and encoded, in bytes on the wire beside the letters that are on it.
#include <fmt/format.h>

#include "fiscal/escpos/encoder.h"
#include "fiscal/receipt/layout.h"
#include "fiscal/receipt/letters.h"
#include "tools/benchmarks/benchmark.h"

namespace paprsek::benchmarks {
namespace {

fiscal::Receipt thirty_lines() {
    fiscal::Receipt receipt;
    receipt.number = "3.1-000017";
    receipt.seq = 41;
    receipt.hash = std::string(64, '7');
    receipt.shop = "Kiosek u nádraží";
    receipt.currency = "CZK";
    for (std::uint64_t i = 0; i < 30; ++i) {
        fiscal::Line line;
        line.name = product_name(i);
        line.vat = "B";
        line.price = node::Money::of(static_cast<std::int64_t>(1000 + i));
        line.quantity = node::Quantity::of(i % 3 ? 1000 : 2000);
        line.gross = line.net = line.paid = node::times(line.price, line.quantity);
        receipt.net += line.net;
        receipt.lines.push_back(line);
    }
    receipt.total = receipt.net;
    receipt.vat = {{"B", node::Rate::of(12'000'000), receipt.net, {}}};
    receipt.pay = {{node::TenderKind::cash, receipt.total, {}}};
    return receipt;
}

/// The least that any encoding of one byte a letter could send: the letters, and an end for each line.
double least_slip_bytes(const fiscal::Slip& slip) {
    std::size_t bytes = 0;
    for (const auto& block : slip.blocks)
        if (const auto* row = std::get_if<fiscal::Row>(&block)) bytes += fiscal::letters_of(row->text).size() + 1;
    return static_cast<double>(bytes);
}

std::vector<Result> run() {
    const fiscal::Receipt receipt = thirty_lines();
    std::vector<Result> results;
    for (const char* name : {"escpos-epson", "escpos-58", "escpos-58-pictures"}) {
        const fiscal::EscposModel& model = *fiscal::find_escpos_model(name);
        fiscal::Form form;
        form.columns = model.columns;
        std::vector<double> samples;
        fiscal::Slip slip;
        std::size_t bytes = 0;
        for (int i = 0; i < 50; ++i)
            samples.push_back(microseconds([&] {
                slip = lay_out(receipt, form);
                bytes = escpos_bytes(slip, model).size();
            }));
        results.push_back({fmt::format("{} time", name), percentile(samples, 0.5), 0, "us", "median: laid out and encoded"});
        results.push_back({fmt::format("{} bytes", name), static_cast<double>(bytes), least_slip_bytes(slip), "bytes", "raw: its letters and line ends"});
    }
    return results;
}

}  // namespace

std::vector<Benchmark> receipt_benchmarks() { return {{"receipts", "a receipt of thirty lines for receipt printers", run}}; }

}  // namespace paprsek::benchmarks
