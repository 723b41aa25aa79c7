// What comes from Python in bytes.

// The data and the body of a packet: four bytes that tell the JSON's length, the JSON, the rest.
export function unpack(packet) {
  const end = 4 + new DataView(packet.buffer, packet.byteOffset).getUint32(0, true);
  return { data: JSON.parse(new TextDecoder().decode(packet.subarray(4, end))), body: packet.subarray(end) };
}

export async function inflate(bytes) {
  const packed = new Blob([bytes]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}
