"""What a running process needs: ticks, clocks, rate limits, cancellation, a process lock, logs."""
