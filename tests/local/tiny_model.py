"""A Qwen3-VL of a few thousand weights in a folder: real files of every kind that a real one has, random weights, a known sentence.

The weights are random but for one thing: each word of the sentence leads to the next, so that it is known what the model says.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

WORDS = ("A", " hand", " puts", " the", " cup", " on", " a", " table", ".")
SENTENCE = "".join(WORDS)
THOUGHT = ("<think>", " hm", " well", "</think>", *WORDS)
UNKNOWN, END, PAD = "<unk>", "<|im_end|>", "<|endoftext|>"
MARKS = (PAD, "<|im_start|>", END, "<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
ASKED = ["Say", "what", "is", "seen", "in", "one", "video", "sentence", "seconds"]

TEMPLATE = """
{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\n' -}}
{%- for part in message.content -%}
{%- if part.type == 'image' -%}{{- '<|vision_start|><|image_pad|><|vision_end|>' -}}
{%- elif part.type == 'video' -%}{{- '<|vision_start|><|video_pad|><|vision_end|>' -}}
{%- else -%}{{- part.text -}}{%- endif -%}
{%- endfor -%}
{{- '<|im_end|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%}
""".strip()


def make(folder: Path, says: Sequence[str] = WORDS, *, endless: bool = False) -> Path:
    """Writes the model into `folder`. `endless`: after the last word it begins again, and never ends by itself."""
    import torch
    from transformers import GenerationConfig, Qwen2VLImageProcessor, Qwen3VLConfig, Qwen3VLForConditionalGeneration, Qwen3VLProcessor, Qwen3VLVideoProcessor

    tokenizer = _tokenizer()
    token = tokenizer.convert_tokens_to_ids
    torch.manual_seed(1)
    config = Qwen3VLConfig(
        text_config={
            "vocab_size": len(tokenizer),
            "hidden_size": 64,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "head_dim": 16,
            "max_position_embeddings": 32_768,
            "rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0, "mrope_section": [4, 2, 2], "mrope_interleaved": True},
        },
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 32,
            "num_heads": 2,
            "out_hidden_size": 64,
            "num_position_embeddings": 64,
            "deepstack_visual_indexes": [0, 1],
        },
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
    )
    model = Qwen3VLForConditionalGeneration(config)
    chain = ["\n", *says, says[0] if endless else END]
    with torch.no_grad():
        known = model.get_input_embeddings().weight
        known.normal_()
        for word, following in pairwise(chain):
            model.lm_head.weight[token(following)] += known[token(word)]
    model.generation_config = GenerationConfig(do_sample=False, eos_token_id=[token(END), token(PAD)], pad_token_id=token(PAD))
    model.save_pretrained(folder)
    # As the real ones have them: 16 pixels a patch, at most 24 million pixels a video, at least as many as 4 pictures of 32 x 32.
    pictures = Qwen2VLImageProcessor(patch_size=16, size={"shortest_edge": 4_096, "longest_edge": 16_777_216})
    videos = Qwen3VLVideoProcessor(size={"shortest_edge": 4_096, "longest_edge": 25_165_824})
    Qwen3VLProcessor(pictures, tokenizer, videos, chat_template=TEMPLATE).save_pretrained(folder)
    return folder


def _tokenizer():  # type: ignore[no-untyped-def]
    """Knows the words of the test and no others; `<think>` is a mark that is shown, as in Qwen's own."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = dict.fromkeys([UNKNOWN, "\n", "system", "user", "assistant", *ASKED, *(f" {word}" for word in ASKED), *WORDS, *THOUGHT[1:3]])
    backend = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token=UNKNOWN))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(r" ?[A-Za-z]+|."), "isolated")
    backend.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, unk_token=UNKNOWN, eos_token=END, pad_token=PAD)
    tokenizer.add_special_tokens({"additional_special_tokens": list(MARKS)})
    tokenizer.add_tokens([AddedToken("<think>", special=False), AddedToken("</think>", special=False)])
    return tokenizer


if __name__ == "__main__":
    home = Path(sys.argv[1])
    make(home / "plain")
    make(home / "endless", endless=True)
    make(home / "thinking", THOUGHT)
