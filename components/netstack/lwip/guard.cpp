// SPDX-License-Identifier: BSD-3-Clause
// What lwIP would believe of a segment, and should not: looked at before it is.
#include <lwip/opt.h>
#include <lwip/def.h>
#include <lwip/ip.h>
#include <lwip/pbuf.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/tcp.h>
#include <lwip/tcp.h>

#include <cstddef>
#include <cstdint>

namespace {

/// A segment's options, whose first part is behind its header, and the rest in another buffer.
struct Options {
    u8_t& at(std::size_t place) const noexcept { return place < size_behind ? behind[place] : rest[place - size_behind]; }

    std::size_t size, size_behind;
    u8_t* behind;
    u8_t* rest;
};

/// It makes segments that are on their way longer than what would be allowed from then on, and lwIP does not expect that.
/// Only who opens a connection says it. [RFC 9293, 3.7.1]
void forget_segment_size(const Options& options) noexcept {
    for (std::size_t place = 0; place < options.size;) {
        const u8_t kind = options.at(place);
        if (kind == LWIP_TCP_OPT_EOL) return;
        if (kind == LWIP_TCP_OPT_NOP) {
            ++place;
            continue;
        }
        const std::size_t size = place + 1 < options.size ? options.at(place + 1) : 0;
        if (size < 2 || size > options.size - place) return;  // lwIP ends here as well
        if (kind == LWIP_TCP_OPT_MSS)
            for (std::size_t i = 0; i != size; ++i) options.at(place + i) = LWIP_TCP_OPT_NOP;
        place += size;
    }
}

/// Whether a connection of before, which is kept for late packets, is in the way of a new one between the same ends, whose
/// numbers lie behind all that the old one had. [RFC 9293, 3.6.1; RFC 1122, 4.2.2.13]
bool begins_anew(const tcp_pcb& pcb, const tcp_hdr& header) noexcept {
    return pcb.state == TIME_WAIT && (TCPH_FLAGS(&header) & (TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK)) == TCP_SYN &&
           static_cast<s32_t>(header.seqno - pcb.rcv_nxt) >= 0;
}

/// Hands a segment in once more, as it came.
void input_again(tcp_hdr& header, std::size_t options, pbuf* segment) noexcept {
    header.src = lwip_htons(header.src);
    header.dest = lwip_htons(header.dest);
    header.seqno = lwip_htonl(header.seqno);
    header.ackno = lwip_htonl(header.ackno);
    header.wnd = lwip_htons(header.wnd);
    if (pbuf_add_header_force(segment, sizeof header + options) != 0) return;
    pbuf_ref(segment);  // it ends there, and here
    tcp_input(segment, ip_current_input_netif());
}

}  // namespace

/// Whether a segment may be had, for the connection or the listener that it belongs to.
extern "C" int unicore_lwip_guard(tcp_pcb* pcb, tcp_hdr* header, unsigned options, unsigned behind_header, unsigned char* rest,
                                  pbuf* behind) {
    if (pcb->state <= SYN_SENT) return 1;  // nothing is awaited yet
    if (begins_anew(*pcb, *header)) {
        tcp_abort(pcb);  // says nothing to anybody, of one in this state
        // Whose options lie in two buffers comes again by itself.
        if (behind_header == options) input_again(*header, options, behind);
        return 0;
    }
    if (options != 0 && (TCPH_FLAGS(header) & TCP_SYN) == 0)
        forget_segment_size({options, behind_header, reinterpret_cast<u8_t*>(header + 1), rest});
    // One of a byte, at just this distance, lwIP takes for one that begins in front of the window. All others that are far
    // away it answers, as it must: who has lost a connection learns from that. [RFC 9293, 3.10.7.4; RFC 5961, 4]
    constexpr u32_t half_of_all = 1U << 31;
    return header->seqno - pcb->rcv_nxt != half_of_all;
}
