// Where an HQ is: a folder with hq.db and HQ's key beside it (0600), or the postgresql:// address of a database that holds both.
#pragma once
#include <memory>
#include <string>

#include "hq/store.h"
#include "node/base/random.h"
#include "sync/keys.h"

namespace paprsek::hq {

class Place {
public:
    /// Refuses what is neither: an address of another kind never becomes a folder of that name.
    explicit Place(std::string folder_or_address);

    /// For people: without a password.
    std::string print() const;
    /// An empty store where there is none; refuses a folder that holds a branch node. `vfs` as in Headquarters::open.
    std::unique_ptr<Store> make(const char* vfs) const;
    /// Refuses where there is no HQ.
    std::unique_ptr<Store> open(const char* vfs) const;
    /// HQ's key, in the transaction that makes HQ. A creation that broke off may have left one.
    void make_identity(Store& store, node::Random& random) const;
    sync::Identity identity(Store& store) const;
    /// Where else to make an HQ.
    const char* another() const { return server_ ? "choose an empty database" : "choose an empty folder"; }

private:
    std::string where_;
    bool server_ = false;
};

}  // namespace paprsek::hq
