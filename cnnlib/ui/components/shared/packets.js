// A packet from Python holds a byte that tells whether the rest is deflated, the length of the JSON,
// the JSON, and a body, which begins at a multiple of four bytes.

// Return a packet's data, its letter about messages that were heard, and its body.
export async function unpack(packet) {
  const rest = packet.slice(1), plain = packet[0] ? new Uint8Array(await inflate(rest)) : rest;
  const end = 4 + new DataView(plain.buffer).getUint32(0, true);
  const { letter, ...data } = JSON.parse(new TextDecoder().decode(plain.subarray(4, end)));
  return { letter, data, body: plain.subarray(end) };
}

async function inflate(bytes) {
  const packed = new Blob([bytes]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}
