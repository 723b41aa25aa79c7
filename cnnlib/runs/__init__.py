"""Training runs without torch: what they are told and tell, and how they are kept and queued.

`config`, `presets`, `sets` and `events` describe one run; `store` keeps it; `service` starts,
commands and queues many, each in a process of its own. `cnnlib.training` trains.
"""
