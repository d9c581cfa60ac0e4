"""Any server that speaks the OpenAI chat API: vLLM, SGLang, Ollama, LM Studio, llama.cpp, transformers serve, a proxy, OpenAI itself."""

from __future__ import annotations

from skiuo_desktop.analysis.chat import ChatProvider


class OpenAIProvider(ChatProvider):
    """`config.base_url` goes up to and including `/v1`, as in OpenAI's SDK. What is different about a server is in its preset."""
