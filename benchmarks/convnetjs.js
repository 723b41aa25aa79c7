// Trains the network of ConvNetJS's MNIST demo, and prints its milliseconds for an example.
//
//     CONVNETJS=FOLDER/node_modules/convnetjs node convnetjs.js CELLS < DIGITS
//
// DIGITS has 785 bytes for each digit: the label, then 28×28 pixels. If CELLS is below 28, each
// digit is cut to CELLS rows and columns at random, as the demo does with 24. Every digit is shown
// once. The first tenth is not timed, because the program is still being compiled then.
const { readFileSync } = require("fs");
const { Net, Trainer, Vol } = require(process.env.CONVNETJS);

const cells = Number(process.argv[2]);
const digits = readFileSync(0);
const count = digits.length / 785;

const net = new Net();
net.makeLayers([
  { type: "input", out_sx: cells, out_sy: cells, out_depth: 1 },
  { type: "conv", sx: 5, filters: 8, stride: 1, pad: 2, activation: "relu" },
  { type: "pool", sx: 2, stride: 2 },
  { type: "conv", sx: 5, filters: 16, stride: 1, pad: 2, activation: "relu" },
  { type: "pool", sx: 3, stride: 3 },
  { type: "softmax", num_classes: 10 },
]);
const trainer = new Trainer(net, { method: "adadelta", batch_size: 20, l2_decay: 0.001 });

function show(number) {
  const at = 785 * number;
  const picture = new Vol(cells, cells, 1, 0);
  const left = Math.floor(Math.random() * (29 - cells));
  const top = Math.floor(Math.random() * (29 - cells));
  for (let row = 0; row < cells; row += 1)
    for (let column = 0; column < cells; column += 1) {
      const pixel = digits[at + 1 + 28 * (top + row) + left + column];
      picture.set(column, row, 0, pixel / 255);
    }
  trainer.train(picture, digits[at]);
}

const early = Math.floor(count / 10);
for (let number = 0; number < early; number += 1) show(number);
const start = process.hrtime.bigint();
for (let number = early; number < count; number += 1) show(number);
const nanoseconds = Number(process.hrtime.bigint() - start);
console.log(nanoseconds / 1e6 / (count - early));
