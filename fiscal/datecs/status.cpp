// Status bytes, one table a generation: which bit of which byte says what.
#include <array>

#include "fiscal/datecs/device.h"

namespace paprsek::fiscal::datecs {
namespace {

struct Bit {
    int byte, bit;
    Fault fault;
    bool warning = false;
};

constexpr std::array printers = {Bit{0, 6, Fault::cover_open},
                                 Bit{0, 4, Fault::mechanism},
                                 Bit{0, 2, Fault::clock_not_set},
                                 Bit{2, 2, Fault::memory_full},
                                 Bit{2, 1, Fault::paper_low, true},
                                 Bit{2, 0, Fault::paper_out},
                                 Bit{2, 4, Fault::memory_near_full, true},
                                 Bit{2, 6, Fault::memory_near_full, true},
                                 Bit{4, 4, Fault::memory_full},
                                 Bit{4, 3, Fault::memory_near_full, true},
                                 Bit{4, 0, Fault::memory_error},
                                 Bit{5, 2, Fault::memory_error},
                                 Bit{5, 0, Fault::memory_error}};
constexpr std::array first_generation = {Bit{1, 5, Fault::cover_open},      Bit{0, 4, Fault::mechanism},       Bit{0, 2, Fault::clock_not_set},
                                         Bit{2, 2, Fault::paper_out},       Bit{2, 1, Fault::paper_low, true}, Bit{2, 0, Fault::paper_out},
                                         Bit{2, 4, Fault::paper_low, true}, Bit{4, 4, Fault::memory_full},     Bit{4, 3, Fault::memory_near_full, true},
                                         Bit{4, 0, Fault::memory_error},    Bit{5, 0, Fault::memory_error},    Bit{4, 2, Fault::memory_error}};
constexpr std::array x_models = {Bit{0, 6, Fault::cover_open},
                                 Bit{0, 4, Fault::mechanism},
                                 Bit{0, 2, Fault::clock_not_set},
                                 Bit{2, 2, Fault::memory_full},
                                 Bit{2, 1, Fault::paper_low, true},
                                 Bit{2, 0, Fault::paper_out},
                                 Bit{2, 4, Fault::memory_near_full, true},
                                 Bit{4, 6, Fault::memory_error},
                                 Bit{4, 4, Fault::memory_full},
                                 Bit{4, 3, Fault::memory_near_full, true},
                                 Bit{4, 0, Fault::memory_error}};

template <std::size_t Count>
void read(const std::array<Bit, Count>& bits, const std::vector<unsigned char>& bytes, Status& status) {
    for (const Bit& bit : bits)
        if ((bytes[static_cast<std::size_t>(bit.byte)] >> bit.bit) & 1) (bit.warning ? status.warnings : status.faults).push_back(bit.fault);
}

}  // namespace

Status read_status(const Profile& profile, const std::vector<unsigned char>& bytes) {
    Status status;
    if (bytes.size() < 6) return status;
    if (profile.dialect == Dialect::datecs_x)
        read(x_models, bytes, status);
    else if (profile.vat_groups == 4)
        read(first_generation, bytes, status);
    else
        read(printers, bytes, status);
    if (!((bytes[5] >> 3) & 1)) status.faults.push_back(Fault::not_fiscal);
    status.non_fiscal_open = (bytes[2] >> 5) & 1;
    status.fiscal_open = (bytes[2] >> 3) & 1;
    return status;
}

}  // namespace paprsek::fiscal::datecs
