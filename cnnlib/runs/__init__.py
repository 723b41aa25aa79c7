"""Training runs without torch: their settings and events, and how they are kept and queued.

`config`, `presets`, `sets` and `events` describe one run; `store` keeps runs; `service` starts,
commands and queues them, each in a process of its own. `cnnlib.training` trains.
"""
