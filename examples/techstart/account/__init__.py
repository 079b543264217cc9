"""The emulated AWS account of the demonstration company: moto behind a front of ours. No part of the engine."""
