"""The parts that many runs' scripts share, as text with places for numbers."""

HEAD = '''
"""A training run, written by CNN Classroom. It needs NumPy and PyTorch.

    python FILE IMAGES{asks} [--steps N] [--out WEIGHTS.safetensors]
    python FILE --dry-run

IMAGES is a folder of MNIST's IDX files, or the .npz file of images that goes with this script.
{begins}The network: {architecture}. The data of the run: {data}.
"""

import argparse
import copy
import gzip
import json
import math
import struct
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SEED = {config.seed}
BATCH = {config.batch_size}
EPOCHS = {config.epochs}
ARCHITECTURE = "{architecture}"
'''

HEAD_START = """\
WEIGHTS.npz are the weights that the run began with.
"""

START = '''
@torch.no_grad()
def begin_from(net, path, images):
    """Copy the weights of a file; a batch normalisation begins as the identity."""
    own, norms = net.state_dict(), [m for m in net.modules() if hasattr(m, "running_mean")]
    with np.load(path) as file:
        for name in set(file.files) - {"architecture"}:
            own[name].copy_(torch.tensor(file[name]))

    def become_identity(norm, inputs):
        x = inputs[0].double()
        axes = [0, *range(2, x.ndim)]
        mean, variance = x.mean(axes), x.var(axes, correction=0)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(mean)

    hooks = [norm.register_forward_pre_hook(become_identity) for norm in norms]
    net.eval()
    net(images[:512].float().div(255)[:, None])
    net.train()
    for hook in hooks:
        hook.remove()
'''
BEGIN_START = """\
    if start:
        begin_from(net, start, images)
"""
OPTION_START = """\
    parser.add_argument("--from", dest="start", help="the .npz file of weights to begin with")
"""
MISSING_START = """\
    if not (options.start or options.dry_run):
        parser.error("this run began with weights: name their file with --from")
"""

LOCAL = '''
class Local2d(nn.Module):
    """A locally connected layer: each position has weights of its own."""

    def __init__(self, shape, stride, padding):
        super().__init__()
        self.stride, self.padding = stride, padding
        self.weight = nn.Parameter(torch.zeros(shape))  # (O, Ho, Wo, C, kh, kw)
        self.bias = nn.Parameter(torch.zeros(shape[:3]))

    def forward(self, x):
        windows = F.unfold(x, self.weight.shape[4:], stride=self.stride, padding=self.padding)
        filters = self.weight.flatten(3).flatten(1, 2)  # (O, Ho·Wo, C·kh·kw)
        y = torch.einsum("nkl,olk->nol", windows, filters)
        return y.unflatten(2, self.bias.shape[1:]) + self.bias
'''

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
{layers}
        generator = torch.Generator().manual_seed(SEED)
        for layer, spread in [{spreads}]:
            nn.init.normal_(layer.weight, 0, spread, generator=generator)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
{steps}
        return logits
"""

DATA = '''
def find(folder, kind):
    """Return the path of one of MNIST's files, or of EMNIST's."""
    sets = ("", "emnist-digits-", "emnist-mnist-")
    names = [f"{{one}}train-{{kind}}-ubyte{{ending}}" for one in sets for ending in ("", ".gz")]
    for name in names:
        for spelt in (name, name.replace("-idx", ".idx")):
            if (Path(folder) / spelt).is_file():
                return Path(folder) / spelt
    raise SystemExit(f"{{folder}} holds no file {{names[0]}} (.gz)")


def idx(path, offset):
    """Read one of MNIST's files, gzipped or not, which its first bytes tell."""
    content = path.read_bytes()
    if content[:2] == b"\\x1f\\x8b":
        content = gzip.decompress(content)
    return np.frombuffer(content, np.uint8, offset=offset)


def load(path, transposed=False):
    """Return the images to learn from, their labels, and those to validate on."""
    if Path(path).is_file():
        with np.load(path) as file:
            names = ("images", "labels", "validation_images", "validation_labels")
            arrays = [file[name] for name in names]
    else:
        files = find(path, "images-idx3"), find(path, "labels-idx1")
        images, labels = idx(files[0], 16).reshape(-1, 28, 28), idx(files[1], 8)
        if transposed or files[0].name.startswith("emnist-"):
            images = images.transpose(0, 2, 1).copy()
        end = len(images) - len(images) // 12  # the last twelfth is held out
        count = min({config.images}, end)
        held_out = min(5_000, max(500, {config.images}))
        arrays = [images[:count], labels[:count]]
        arrays += [images[end:][:held_out], labels[end:][:held_out]]
    images, labels, validation_images, validation_labels = map(torch.tensor, arrays)
    return images, labels.long(), validation_images, validation_labels.long()
'''

SHIFT = """\
padded = F.pad(images[indices], (1, 1, 1, 1))
places = padded.unfold(1, 28, 1).unfold(2, 28, 1)  # (N, 3, 3, 28, 28)
down, right = torch.randint(0, 3, (2, len(indices)), generator=generator)
pixels = places[torch.arange(len(indices)), down, right]"""

BATCH = '''
def batch(images, indices, generator):
    """Return these images as the network takes them, augmented."""
{pixels}
    x = pixels.float().div(255)[:, None]  # (N, 1, 28, 28)
{varied}
    return x
'''

SCHEDULES = {
    "constant": '''
def share(done):
    """Return the learning rate's share of its highest."""
    return 1.0
''',
    "one-cycle": '''
def share(done):
    """Return the learning rate's share of its highest: up for 15% of the run, then down."""
    if done < 0.15:
        return 0.04 + 0.96 * done / 0.15
    return 0.1 + 0.9 * (1 + math.cos(math.pi * (done - 0.15) / 0.85)) / 2
''',
    "cosine": '''
def share(done):
    """Return the learning rate's share of its highest: half a cosine down to 0."""
    return (1 + math.cos(math.pi * done)) / 2
''',
    "step": '''
def share(done):
    """Return the learning rate's share of its highest: a tenth after each third of the run."""
    return 10.0 ** -math.floor(3 * done)
''',
}

BEGIN_AVERAGE = """\
    shown = copy.deepcopy(net)  # with averaged weights
"""
AVERAGE = """\
            with torch.no_grad():
                kept = min({config.averaging!r}, step / (step + 10))
                for mean, now in zip(shown.state_dict().values(), net.state_dict().values()):
                    if mean.is_floating_point():
                        mean.lerp_(now, 1 - kept)
"""
DROPOUT = """\
            torch.manual_seed((SEED << 32) + step)
"""
BEGIN_PATIENCE = """\
    best, best_step, best_weights = math.inf, 0, None
"""
PATIENCE = """\
                if validation_loss < best:
                    best, best_step = validation_loss, step
                    best_weights = copy.deepcopy(shown.state_dict())
                elif step - best_step >= {config.early_stopping} * per_epoch:
                    shown.load_state_dict(best_weights)
                    return shown
"""

PLAIN_VALUES = """\
        values = {"weight": layer.weight, "bias": layer.bias}
"""
FOLDED_VALUES = """\
        if name.endswith("_norm"):
            continue
        values = {"weight": layer.weight, "bias": layer.bias}
        norm = getattr(net, f"{name}_norm", None)
        if norm is not None:  # a file holds no normalisation: the layer before does its part
            factor = norm.weight / (norm.running_var + norm.eps).sqrt()
            along = [(-1, *[1] * (value.ndim - 1)) for value in values.values()]
            values["weight"] = layer.weight * factor.view(along[0])
            values["bias"] = (layer.bias - norm.running_mean.view(along[1])) * factor.view(along[1])
            values["bias"] = values["bias"] + norm.bias.view(along[1])
"""

LOOP = '''
@torch.no_grad()
def validate(net, images, labels):
    """Return the loss and the accuracy."""
    net.eval()
    logits = torch.cat([net(part.float().div(255)[:, None]) for part in images.split(250)])
    net.train()
    accuracy = (logits.argmax(1) == labels).float().mean().item()
    return F.cross_entropy(logits, labels).item(), accuracy


def train(images, labels, validation_images, validation_labels, last_step{taken}):
    generator = torch.Generator().manual_seed(SEED)
    net = Net().to(memory_format=torch.channels_last)
{start}{begin_average}    optimizer = {optimizer}
    per_epoch = len(images) // BATCH
    steps = EPOCHS * per_epoch
    step = 0
{begin_patience}    for epoch in range(1, EPOCHS + 1):
        order = torch.randperm(len(images), generator=generator)
        for indices in order[: per_epoch * BATCH].split(BATCH):
            for group in optimizer.param_groups:
                group["lr"] = {config.learning_rate!r} * share(step / steps)
            x = batch(images, indices, generator).contiguous(memory_format=torch.channels_last)
{dropout}            loss = F.cross_entropy(net(x), labels[indices])
            if not math.isfinite(loss.item()):
                raise SystemExit(f"The loss of step {{step + 1}} is {{loss.item()}}.")
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
{average}            if last_step:
                print(f"step {{step}}: loss {{loss.item():.6f}}")
            if step * {config.reports} // per_epoch > (step - 1) * {config.reports} // per_epoch:
                validation_loss, accuracy = validate(shown, validation_images, validation_labels)
                print(
                    f"epoch {{step / per_epoch:.3g}}: loss {{loss.item():.4f}}, "
                    f"validation loss {{validation_loss:.4f}}, accuracy {{accuracy:.2%}}"
                )
{patience}            if step == last_step:
                return shown
    return shown


def save(net, path):
    """Write the weights as safetensors, which CNN Classroom and other programs read."""
    header, body = {{"__metadata__": {{"architecture": ARCHITECTURE, "format": "pt"}}}}, b""
    for name, layer in net.named_children():
{folding}        for key in ("weight", "bias"):
            array = values[key].detach().contiguous().numpy().astype("<f4")
            place = [len(body), len(body) + array.nbytes]
            header[f"{{name}}.{{key}}"] = {{
                "dtype": "F32", "shape": list(array.shape), "data_offsets": place
            }}
            body += array.tobytes()
    text = json.dumps(header).encode()
    Path(path).write_bytes(struct.pack("<Q", len(text)) + text + body)


def main():
    parser = argparse.ArgumentParser(description="Train this network again.")
    parser.add_argument("images", nargs="?", help="a folder of IDX files, or a .npz file")
    parser.add_argument("--steps", type=int, default=0, help="end after so many")
    parser.add_argument("--out", help="where to save the weights")
    parser.add_argument("--transposed", action="store_true", help="as EMNIST's digits lie")
    parser.add_argument("--dry-run", action="store_true", help="three steps on noise")
{option}    options = parser.parse_args()
{missing}    torch.set_num_threads(1)
    if options.dry_run:
        count = 3 * BATCH
        noise = torch.randint(0, 256, (count, 28, 28), dtype=torch.uint8)
        digits = torch.randint(0, 10, (count,))
        net = train(noise, digits, noise, digits, 3{given})
    elif options.images:
        net = train(*load(options.images, options.transposed), options.steps{given})
    else:
        parser.error("name the images, or try --dry-run")
    if options.out:
        save(net, options.out)


if __name__ == "__main__":
    main()
'''
