// Generated from openapi/ by `npm run generate`; do not edit.
export const SCHEMAS = {
  "request_id": {
    "type": "string",
    "pattern": "^req_[0-9a-z]{26}$",
    "description": "The agent's name for a call.",
    "example": "req_2v4b6n8m1q3w5e7r9t0y2u4i6o"
  },
  "job_id": {
    "type": "string",
    "pattern": "^job_[0-9a-z]{26}$",
    "description": "A job's id, minted by the gateway.",
    "example": "job_0c2f8h5j7k1m3n9p4q6r8s2t5v"
  },
  "receipt_hash": {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$",
    "description": "SHA-256 over the receipt's preimage, in lower-case hexadecimal digits.",
    "example": "5d41402abc4b2a76b9719d911017c592ae2c1a9f0d8e7b6a5c4d3e2f1a0b9c8d"
  },
  "message": {
    "type": "object",
    "description": "A message of a chat. The agent checks it as it checks a dispatched one.",
    "additionalProperties": true
  },
  "untrusted_receipt": {
    "type": "object",
    "description": "A receipt with its hash and signature, as `submitNodeReceipt` of the hosted document takes it. The gateway checks each by itself, so that a malformed one takes no other with it.",
    "additionalProperties": true
  },
  "chat_dispatch": {
    "type": "object",
    "description": "What the customer asked for, with our bound under both names.",
    "required": [
      "model",
      "messages",
      "max_tokens",
      "max_completion_tokens"
    ],
    "additionalProperties": true,
    "properties": {
      "model": {
        "type": "string",
        "minLength": 1,
        "maxLength": 256,
        "description": "The model.",
        "example": "b3iq-tiny.gguf"
      },
      "messages": {
        "type": "array",
        "description": "The chat so far.",
        "items": {
          "$ref": "#/components/schemas/message"
        }
      },
      "max_tokens": {
        "type": "integer",
        "format": "int64",
        "minimum": 1,
        "description": "The most tokens of the answer.",
        "example": 64
      },
      "max_completion_tokens": {
        "type": "integer",
        "format": "int64",
        "minimum": 1,
        "description": "The same number.",
        "example": 64
      },
      "stream": {
        "type": "boolean",
        "description": "Whether the answer comes as events.",
        "example": true
      }
    }
  },
  "job_cancel": {
    "type": "object",
    "description": "The job to stop.",
    "required": [
      "job_id",
      "fence"
    ],
    "properties": {
      "job_id": {
        "$ref": "#/components/schemas/job_id"
      },
      "fence": {
        "type": "integer",
        "format": "int64",
        "minimum": 0,
        "maximum": 9007199254740991,
        "description": "The attempt of the job.",
        "example": 1
      }
    }
  },
  "job_cancelled": {
    "type": "object",
    "description": "The outcome of a cancel.",
    "required": [
      "cancelled"
    ],
    "properties": {
      "cancelled": {
        "type": "boolean",
        "description": "False when no such attempt runs.",
        "example": true
      }
    }
  },
  "prompt": {
    "type": "object",
    "description": "What the tokenizer counts. Other members count for nothing.",
    "required": [
      "model",
      "messages"
    ],
    "properties": {
      "model": {
        "type": "string",
        "minLength": 1,
        "maxLength": 256,
        "description": "The model.",
        "example": "b3iq-tiny.gguf"
      },
      "messages": {
        "type": "array",
        "maxItems": 100000,
        "description": "The chat so far.",
        "items": {
          "$ref": "#/components/schemas/message"
        }
      },
      "tools": {
        "description": "Tools of the chat."
      },
      "response_format": {
        "description": "Form of the answer."
      },
      "tool_choice": {
        "description": "Which tool is called."
      }
    }
  },
  "prompt_count": {
    "type": "object",
    "description": "The prompt's length.",
    "required": [
      "prompt_tokens"
    ],
    "properties": {
      "prompt_tokens": {
        "type": "integer",
        "format": "int64",
        "minimum": 0,
        "maximum": 9007199254740991,
        "description": "Tokens.",
        "example": 9
      }
    }
  },
  "job_question": {
    "type": "object",
    "description": "The job that is asked for.",
    "required": [
      "job_id"
    ],
    "properties": {
      "job_id": {
        "$ref": "#/components/schemas/job_id"
      }
    }
  },
  "job_state": {
    "type": "object",
    "description": "What the agent knows of a job.",
    "required": [
      "state",
      "receipts"
    ],
    "properties": {
      "state": {
        "type": "string",
        "enum": [
          "unknown",
          "running",
          "finished"
        ],
        "description": "`unknown`: the agent has neither the job nor a receipt of it.",
        "example": "finished"
      },
      "receipts": {
        "type": "array",
        "description": "The receipts that the agent signed for the job.",
        "items": {
          "$ref": "#/components/schemas/untrusted_receipt"
        }
      }
    }
  },
  "settled_receipts": {
    "type": "object",
    "description": "Receipts that are settled.",
    "required": [
      "receipt_hashes"
    ],
    "properties": {
      "receipt_hashes": {
        "type": "array",
        "maxItems": 1000,
        "description": "Their hashes.",
        "items": {
          "$ref": "#/components/schemas/receipt_hash"
        }
      }
    }
  },
  "acknowledged_receipts": {
    "type": "object",
    "description": "What the agent took note of.",
    "required": [
      "acknowledged"
    ],
    "properties": {
      "acknowledged": {
        "type": "integer",
        "format": "int32",
        "minimum": 0,
        "maximum": 1000,
        "description": "How many.",
        "example": 1
      }
    }
  },
  "receipts_question": {
    "type": "object",
    "description": "A place in the agent's outbox.",
    "required": [
      "acknowledged_since",
      "after",
      "limit"
    ],
    "properties": {
      "acknowledged_since": {
        "type": "string",
        "format": "date-time",
        "pattern": "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$",
        "maxLength": 40,
        "description": "Receipts acknowledged from this time on, RFC 3339 in UTC.",
        "example": "2026-11-21T10:15:30.123Z"
      },
      "after": {
        "type": "integer",
        "format": "int64",
        "minimum": 0,
        "maximum": 9007199254740991,
        "description": "`last` of the page before; 0 for the first.",
        "example": 0
      },
      "limit": {
        "type": "integer",
        "format": "int64",
        "minimum": 0,
        "maximum": 9007199254740991,
        "description": "The most receipts of the page. The agent gives 500 at most.",
        "example": 200
      }
    }
  },
  "receipts_page": {
    "type": "object",
    "description": "A page of acknowledged receipts.",
    "required": [
      "receipts",
      "last",
      "more"
    ],
    "properties": {
      "receipts": {
        "type": "array",
        "description": "The page.",
        "items": {
          "$ref": "#/components/schemas/untrusted_receipt"
        }
      },
      "last": {
        "type": "integer",
        "format": "int64",
        "minimum": 0,
        "maximum": 9007199254740991,
        "description": "Where the page ends.",
        "example": 450
      },
      "more": {
        "type": "boolean",
        "description": "Whether another page follows.",
        "example": false
      }
    }
  },
  "native_failure": {
    "type": "object",
    "description": "A failure in the native envelope.",
    "required": [
      "error"
    ],
    "properties": {
      "error": {
        "$ref": "#/components/schemas/failure_detail"
      }
    }
  },
  "failure_detail": {
    "type": "object",
    "description": "The code with what belongs to it.",
    "required": [
      "status",
      "title",
      "detail",
      "code",
      "request_id"
    ],
    "additionalProperties": true,
    "properties": {
      "status": {
        "type": "integer",
        "format": "int32",
        "minimum": 400,
        "maximum": 599,
        "description": "The HTTP status.",
        "example": 401
      },
      "title": {
        "type": "string",
        "description": "The code in words.",
        "example": "Not authorized"
      },
      "detail": {
        "type": "string",
        "description": "What was wrong.",
        "example": "The call over the tunnel is refused."
      },
      "code": {
        "$ref": "#/components/schemas/failure_code"
      },
      "request_id": {
        "$ref": "#/components/schemas/request_id"
      },
      "param": {
        "type": "string",
        "description": "The member of the body at fault.",
        "example": "fence"
      }
    }
  },
  "openai_failure": {
    "type": "object",
    "description": "A failure in the OpenAI envelope.",
    "required": [
      "error"
    ],
    "properties": {
      "error": {
        "type": "object",
        "required": [
          "message",
          "type",
          "param",
          "code"
        ],
        "additionalProperties": true,
        "properties": {
          "message": {
            "type": "string",
            "description": "What was wrong.",
            "example": "Every slot of the runtime is taken."
          },
          "type": {
            "type": "string",
            "description": "OpenAI's kind of error.",
            "example": "server_error"
          },
          "param": {
            "type": [
              "string",
              "null"
            ],
            "description": "The request field at fault.",
            "example": "messages"
          },
          "code": {
            "$ref": "#/components/schemas/failure_code"
          }
        }
      }
    }
  },
  "failure_code": {
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]*$",
    "description": "A code of the error catalogue (errors.yaml), which newer agents may have more of.",
    "example": "unauthorized"
  }
};

/** Null where there is no JSON, or where the surface checks it. */
export const BODIES = {
  "dispatchChat": {
    "request": "chat_dispatch",
    "answer": null
  },
  "cancelJob": {
    "request": "job_cancel",
    "answer": "job_cancelled"
  },
  "countPrompt": {
    "request": "prompt",
    "answer": "prompt_count"
  },
  "getJob": {
    "request": "job_question",
    "answer": "job_state"
  },
  "acknowledgeReceipts": {
    "request": "settled_receipts",
    "answer": "acknowledged_receipts"
  },
  "refetchReceipts": {
    "request": "receipts_question",
    "answer": "receipts_page"
  },
  "drainTunnel": {
    "request": null,
    "answer": null
  }
} as const;
