// What an exchange says of itself, for people: the errors of sync/ as whole sentences with what to do.
#include <algorithm>

#include "ui/kit/locale.h"
#include "ui/sentences.h"
#include "ui/till/exchange_work.h"

namespace paprsek::ui {
namespace {

struct TripFault {
    std::string_view begins;  ///< as sync/ and HQ say it
    const char* sentence;
};

constexpr TripFault faults[] = {
    {"its name is not found", mark("HQ's name is not found: is the network up? Selling goes on, and a stick does as well.")},
    {"does not answer", mark("HQ does not answer: is the network up, and does HQ's server run? Selling goes on; nothing is lost.")},
    {"did not answer in time", mark("HQ did not answer in time. Selling goes on; nothing is lost. Try again later.")},
    {"the connection broke", mark("The connection to HQ broke. Nothing is lost: synchronise again.")},
    {"cannot be called", mark("HQ cannot be called from this computer: is the network set up?")},
    {"no secure connection", mark("No secure connection to HQ came about, so nothing was sent. Ask HQ whether its address is right.")},
    {"does not prove to be HQ", mark("Whoever answered does not prove to be HQ, so nothing was sent. Ask HQ for a new invitation.")},
    {"knows no address of HQ", mark("This till knows no address of HQ: exchange by file, or ask HQ for an invitation with its address.")},
    {"does not belong to an HQ yet", mark("Join the chain first: HQ hands out an invitation.")},
    {"its key file is missing", mark("This till's key is missing, so that HQ would not know it. Ask HQ for a new invitation.")},
    {"is no invitation", mark("That is no invitation. Choose the file that HQ made for this till.")},
    {"is not JSON", mark("That is no invitation. Choose the file that HQ made for this till.")},
    {"is an invitation of a newer HQ", mark("HQ has a newer Paprsek than this till. Upgrade the till first.")},
    {"invites node", mark("That invitation is for another till. Ask HQ for one with this till's number.")},
    {"the chain counts in", mark("That chain counts in another currency than this shop.")},
    {"was changed or damaged on the way",
     mark("The file was changed or damaged on the way. Nothing was taken over: copy it again, or let HQ export it again.")},
    {"is cut:", mark("The file is cut: a part of it is missing. Copy it again, or let HQ export it again.")},
    {"is not a Paprsek bundle", mark("That is no file of HQ. Choose the one that HQ exported for this till.")},
    {"is empty", mark("That file is empty. Copy it again, or let HQ export it again.")},
    {"is for ", mark("That file is for another till. Take it there.")},
    {"is signed by another key", mark("That file is not from this till's HQ. Nothing was taken over.")},
    {"is sealed to another key", mark("That file was made for another key than this till's. Let HQ export it again.")},
    {"holds facts from a branch", mark("That file is a branch's own, for HQ. Choose the one that HQ gave back.")},
    {"begins after version", mark("A reply of HQ before this one is missing. Import that one first, or export here and take HQ's new reply.")},
    {"there is no such file", mark("There is no such file any more: is the stick in?")},
    {"there is no such folder", mark("There is no such folder any more: is the stick in?")},
    {"no permission to read it", mark("This computer may not read that file.")},
    {"no permission to write here", mark("This computer may not write there: choose another folder.")},
    {"the disk is full", mark("There is no room left there: free some and try again.")},
    {"the medium is write-protected", mark("The stick is write-protected: release its lock or use another one.")},
    {"the medium was pulled out or is broken", mark("The stick was pulled out or is broken: put it in again, or use another one.")},
    {"this ledger was restored from an older backup",
     mark("This till was restored from an older backup, or its disk was copied. Its sales go on beside those that HQ held; nothing is lost. "
          "If two machines sell under this number, ask HQ for another one.")},
    {"the products, prices and customers that stand here are not",
     mark("Products, prices or customers here are not those of HQ, also after they were read again. Tell HQ: it has to verify its books.")},
    {"the products, prices and customers that stand here were not",
     mark("Products, prices or customers here were not those of HQ; they are read again.")},
};

/// As a sentence of its own.
std::string full_sentence(std::string text) {
    if (text.empty()) return text;
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    if (text.back() != '.' && text.back() != '?' && text.back() != '!') text += '.';
    return text;
}

const char* went_well(const sync::Exchange& exchange) {
    const bool nothing = exchange.sent == 0 && exchange.confirmed == 0 && exchange.taken == 0;
    switch (exchange.way) {
        case sync::Way::out: return tr("The file was written. HQ confirms it by its reply.");
        case sync::Way::in: return nothing ? tr("HQ's reply is in; it brought nothing new.") : tr("HQ's reply is in.");
        case sync::Way::both: break;
    }
    if (exchange.road == sync::Road::file) return tr("The file was written, and HQ's reply taken where it lay there.");
    return nothing ? tr("HQ answered; neither side had anything new.") : tr("HQ answered, and both sides are even.");
}

}  // namespace

std::string fault_text(const std::string& why, const std::string& hint) {
    const auto found = std::find_if(std::begin(faults), std::end(faults), [&](const TripFault& fault) { return why.starts_with(fault.begins); });
    if (found != std::end(faults)) return tr(found->sentence);
    const std::string first = full_sentence(say(why)), second = full_sentence(say(hint));
    return second.empty() ? first : fill_in("{} {}", {first, second});
}

std::string exchange_text(const sync::Exchange& exchange) {
    if (!exchange.why.empty()) return fault_text(exchange.why, exchange.hint);
    switch (exchange.ending) {
        case sync::Ending::well: return went_well(exchange);
        case sync::Ending::stopped: return tr("Stopped by hand. Nothing is lost; the next exchange goes on.");
        case sync::Ending::differs: return tr("HQ holds another history than this till. Tell HQ.");
        case sync::Ending::failed: return tr("It did not work.");
    }
    return {};
}

}  // namespace paprsek::ui
