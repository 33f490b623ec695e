"""The official Python client against the gateway. It reads the address and the key from the environment, as its users do."""

import json
import os
import sys

import openai

client = openai.OpenAI(_strict_response_validation=True, max_retries=0, timeout=60)
MESSAGES = [{"role": "user", "content": "Hello"}]


def check(name, condition):
    if not condition:
        sys.exit(f"{name} does not hold")


def models():
    ids = [model.id for model in client.models.list()]
    check("a model is listed", ids)
    check("a model is found by its id", client.models.retrieve(ids[0]).id == ids[0])
    try:
        client.models.retrieve("none.gguf")
        sys.exit("an unknown model was found")
    except openai.NotFoundError as error:
        check("code of an unknown model", error.code == "model_not_found")
    return ids[0]


def chat(model):
    answer = client.chat.completions.create(model=model, messages=MESSAGES, max_tokens=8)
    check("role", answer.choices[0].message.role == "assistant")
    check("usage adds up", answer.usage.prompt_tokens + answer.usage.completion_tokens == answer.usage.total_tokens)
    check("what was charged is told", int(answer.model_dump()["b3iq"]["charged_wei"]) > 0)
    raw = client.chat.completions.with_raw_response.create(model=model, messages=MESSAGES, max_completion_tokens=8, temperature=0)
    check("the raw answer parses", raw.parse().object == "chat.completion" and raw.headers["x-request-id"])


def stream(model):
    usage, finished, text = [], [], ""
    options = {"include_usage": True}
    for chunk in client.chat.completions.create(model=model, messages=MESSAGES, max_tokens=8, stream=True, stream_options=options):
        usage += [chunk.usage] if chunk.usage else []
        for choice in chunk.choices:
            finished += [choice.finish_reason] if choice.finish_reason else []
            text += choice.delta.content or ""
    check("one usage, one end, some text", len(usage) == 1 and len(finished) == 1 and text)
    for chunk in client.chat.completions.create(model=model, messages=MESSAGES, max_tokens=4, stream=True):
        check("no usage unasked", chunk.usage is None)
    with client.chat.completions.stream(model=model, messages=MESSAGES, max_tokens=8) as events:
        try:
            answer = events.get_final_completion()
        except openai.LengthFinishReasonError as error:
            # The client's own view of an answer that max_tokens ended.
            answer = error.completion
        check("the helper gathers the answer", answer.choices[0].message.content)


def failures(model):
    for name, wanted, call in [
        ("no messages", openai.BadRequestError, lambda: client.chat.completions.create(model=model, messages=[])),
        ("wrong key", openai.AuthenticationError, lambda: client.with_options(api_key="wrong").models.list()),
        ("unknown model", openai.NotFoundError, lambda: client.chat.completions.create(model="none.gguf", messages=MESSAGES)),
        ("what is not offered", openai.NotFoundError, lambda: client.embeddings.create(model=model, input="Hello")),
    ]:
        try:
            call()
        except wanted as error:
            check(f"{name} has a code and a request id", error.code and error.request_id)
        else:
            sys.exit(f"{name} was not refused")


model = models()
chat(model)
stream(model)
failures(model)
print(json.dumps({"client": openai.__version__, "python": sys.version.split()[0], "model": model, "env": "OPENAI_BASE_URL" in os.environ}))
