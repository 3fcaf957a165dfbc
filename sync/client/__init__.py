"""The laptop's end of the wire.

What to ask (planner), what a person sees (view), the loop (engine), the ports it works on. May import
``sync.protocol``, ``sync.content``, ``sync.domain``; ``http_transport`` alone knows the network. Never Qt, never SQL.
"""
