"""What the channels are called on the pages."""

NAMES = {"whatsapp": "WhatsApp", "sms": "SMS", "email": "E-mail"}
