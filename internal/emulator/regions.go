package emulator

import (
	"net"
	"net/netip"
	"sync"
)

// regions gives regions addresses of their own, as far as this machine has any
// beside the edge's first: a client that comes to one means that region. One name
// can be a domain in several regions, and DNS alone leads to the one or the other.
type regions struct {
	mu    sync.Mutex
	home  string // whose address is the edge's first, where all answer that have no other
	free  []netip.Addr
	given map[string]netip.Addr
}

// own gives a region its address, once; false where none is left.
func (r *regions) own(region string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if region == r.home || r.given[region].IsValid() {
		return true
	}
	if len(r.free) == 0 {
		return false
	}
	r.given[region], r.free = r.free[0], r.free[1:]
	return true
}

// address is where clients come to a region.
func (r *regions) address(region string) (netip.Addr, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	address, found := r.given[region]
	return address, found
}

// of is the region that a client means who came to an address.
func (r *regions) of(local net.Addr) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if tcp, isTCP := local.(*net.TCPAddr); isTCP {
		for region, address := range r.given {
			if address == tcp.AddrPort().Addr().Unmap() {
				return region
			}
		}
	}
	return r.home
}
