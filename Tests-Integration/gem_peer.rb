#!/usr/bin/ruby
# frozen_string_literal: true

# What the Ruby gem says and hears on the wire: a host, a question and a monitor of its kind, with a Ruby client of RabbitMQ.
#
# gem_peer.rb host FQDN ENVIRONMENT APP...   answers pings as the gem's service does
# gem_peer.rb ask ENVIRONMENT                asks as the gem's API does; says nothing
# gem_peer.rb monitor                        writes down what comes out, as the gem's monitor does

require 'bunny'
require 'json'

# The gem knows no properties beyond the client's defaults of its day.
PLAIN = { content_type: 'application/octet-stream', persistent: false }.freeze

def host(input, output, channel, fqdn, environment, *apps)
  sender = { environment: environment, fqdn: fqdn, app_names: apps }
  queue = channel.queue('', exclusive: true, auto_delete: true)
  queue.bind(input, routing_key: environment.downcase)
  warn 'listening'
  queue.subscribe(block: true) do |_, _, body|
    type = JSON.parse(body)['type']
    answer = { type: 'pong' }
    answer = { type: 'error', error_class: 'RuntimeError', error_message: "unknown type #{type}" } if type != 'ping'
    output.publish(sender.merge(answer).to_json, PLAIN.merge(routing_key: ''))
  end
end

def monitor(_, output, channel)
  queue = channel.queue('baton-ping-monitor')
  queue.bind(output, routing_key: '')
  warn 'listening'
  queue.subscribe(block: true) do |_, _, body|
    $stdout.puts "Message read: #{body}"
    $stdout.flush
  end
end

def ask(input, _, _, environment)
  input.publish({ type: 'ping' }.to_json, PLAIN.merge(routing_key: environment, mandatory: true))
end

connection = Bunny.new(ENV.fetch('BROKER_URL'), automatically_recover: false)
connection.start
channel = connection.create_channel
begin
  # Not durable, as ever: another kind under that name ends it with 406.
  send(ARGV.first, channel.direct('baton_ping_in'), channel.direct('baton_ping_out'), channel, *ARGV.drop(1))
rescue Interrupt, SignalException
  # Asked to stop.
end
connection.close
