#include "ui/till/printer_evidence.h"

namespace paprsek::ui {
namespace {

const char* tender_words(node::TenderKind kind) {
    switch (kind) {
        case node::TenderKind::cash: return tr("Paid in cash today");
        case node::TenderKind::card: return tr("Paid by card today");
        case node::TenderKind::account: return tr("Charged to accounts today");
        case node::TenderKind::voucher: return tr("Paid by voucher today");
    }
    return "";
}

std::string open_words(const fiscal::Holding& holding, const Words& words) {
    switch (holding.open) {
        case fiscal::Holding::Open::nothing: return tr("nothing");
        case fiscal::Holding::Open::fiscal: return fill_in(tr("a receipt over {}"), {words.bare_money(holding.amount)});
        case fiscal::Holding::Open::non_fiscal: return tr("a text");
    }
    return "";
}

}  // namespace

std::vector<EvidenceRow> evidence_rows(const fiscal::Job& job, const Words& words) {
    std::vector<EvidenceRow> rows;
    if (!job.before) return rows;
    const fiscal::Holding& before = *job.before;
    const fiscal::Holding now = job.found.value_or(before);
    const auto row = [&](const char* what, const std::string& was, const std::string& is) {
        rows.push_back({what, was, job.found ? is : std::string("–"), job.found && was != is});
    };
    row(tr("Documents counted"), words.count(before.counter), words.count(now.counter));
    row(tr("Open on it"), open_words(before, words), open_words(now, words));
    for (const auto& [tender, sum] : before.day.paid) {
        const auto later = now.day.paid.find(tender);
        const node::Money is = later == now.day.paid.end() ? node::Money{} : later->second;
        if (!sum.is_zero() || !is.is_zero()) row(tender_words(tender), words.bare_money(sum), words.bare_money(is));
    }
    row(tr("Its last receipt came to"), words.bare_money(before.amount), words.bare_money(now.amount));
    return rows;
}

std::string pending_title(const fiscal::PendingPrint& pending) {
    if (!pending.receipt.empty()) return fill_in(pending.kind == schema::kind::refund ? tr("Refund {}") : tr("Receipt {}"), {pending.receipt});
    if (pending.kind == schema::kind::day_closed) return tr("Daily closing");
    return tr("Cash movement");
}

}  // namespace paprsek::ui
