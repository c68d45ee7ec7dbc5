"""Times TRL's GRPOTrainer on the work that bench/peers/trl.ts describes: JSON in the first argument, JSON on the last line.

Trajectories of several turns are flattened, since TRL has none: every turn is a prompt of its own with a completion, all of one
length, so that nothing is padded. A round is one generation and its updates; the first, which warms up, is not timed.
"""

import json
import os
import sys
import tempfile
import time

work = json.loads(sys.argv[1])
os.environ["OMP_NUM_THREADS"] = str(work["threads"])
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import random

import torch
from datasets import Dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoConfig, PreTrainedTokenizerFast, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

torch.set_num_threads(work["threads"])
settings = work["settings"]
vocabulary = AutoConfig.from_pretrained(work["model"]).vocab_size
per_round = work["microBatch"] * work["microBatches"] * work["processes"] * work["updates"]


def word_tokenizer():
    """One token a word, as many as the model knows: prompts have the length that was asked for."""
    words = {"<pad>": 0, "<eos>": 1, **{f"w{i}": i for i in range(2, vocabulary)}}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>")


def prompts():
    rng = random.Random(work["seed"])

    def prompt():
        return " ".join(f"w{rng.randrange(2, vocabulary)}" for _ in range(work["promptTokens"]))

    return Dataset.from_list([{"prompt": prompt()} for _ in range(per_round // work["members"])])


def reward(completion_ids, **_):
    return [float(ids[0] % 2) for ids in completion_ids]


class Clock(TrainerCallback):
    """When each round ended, seconds."""

    def __init__(self):
        self.ends = []

    def on_step_end(self, _args, state, _control, **_):
        if state.global_step % work["updates"] == 0:
            self.ends.append(time.perf_counter())


with tempfile.TemporaryDirectory() as folder:
    clock = Clock()
    trainer = GRPOTrainer(
        model=work["model"],
        reward_funcs=reward,
        train_dataset=prompts(),
        processing_class=word_tokenizer(),
        callbacks=[clock],
        args=GRPOConfig(
            output_dir=folder,
            model_init_kwargs={"dtype": "float32"},
            use_cpu=True,
            ddp_backend="gloo" if work["processes"] > 1 else None,
            ddp_find_unused_parameters=False,
            bf16=False,
            gradient_checkpointing=False,
            per_device_train_batch_size=work["microBatch"],
            gradient_accumulation_steps=work["microBatches"],
            steps_per_generation=work["microBatches"] * work["updates"],
            num_generations=work["members"],
            max_steps=(work["rounds"] + 1) * work["updates"],
            max_completion_length=work["actionTokens"],
            generation_kwargs={"min_new_tokens": work["actionTokens"]},
            temperature=settings["temperature"],
            loss_type="grpo",
            beta=settings["beta"],
            epsilon=settings["epsilonLow"],
            epsilon_high=settings["epsilonHigh"],
            entropy_coef=settings["entropyBonus"],
            learning_rate=settings["learningRate"],
            lr_scheduler_type="constant",
            adam_beta1=settings["betas"][0],
            adam_beta2=settings["betas"][1],
            weight_decay=settings["weightDecay"],
            max_grad_norm=settings["maxGradNorm"],
            seed=work["seed"],
            report_to=[],
            logging_strategy="no",
            save_strategy="no",
            disable_tqdm=True,
        ),
    )
    trainer.train()

seconds = clock.ends[-1] - clock.ends[0]
if trainer.is_world_process_zero():
    print(json.dumps({"completions": per_round * work["rounds"], "seconds": seconds}))
