#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "server/http/connection.h"
#include "server/http/mailbox.h"
#include "server/http/service.h"

namespace wm::server {

class Client;

/// Who watches the sockets of a reactor.
class ClientOwner {
 public:
  virtual ~ClientOwner() = default;
  /// It is gone() or has begun to want_writable(): to be looked at before the next wait. Does not
  /// call back.
  virtual void changed(Client& client) = 0;
  /// A request to be handed to the pool with what else this turn brings: one wake-up for a burst.
  /// If the pool takes no more, turned_down() is called.
  virtual void enqueue(Client& client, Dispatcher::Job job) = 0;
};

/// One accepted socket: moves bytes between it and its Connection, and jobs between that and the
/// pool. Lives on one reactor's thread; jobs know it by a weak pointer that only that thread locks,
/// and never by its descriptor, so that an answer cannot reach whoever got the same descriptor
/// later. The reactor owns it until gone(); the descriptor is the reactor's to close.
class Client : public std::enable_shared_from_this<Client> {
 public:
  using TimePoint = Connection::TimePoint;
  /// `owner` outlives it.
  Client(int fd, ClientOwner& owner, std::shared_ptr<Service> service,
         std::shared_ptr<Mailbox> mailbox);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  int fd() const { return fd_; }
  /// To be removed: nothing more is done for it.
  bool gone() const { return gone_; }
  /// Output had to wait once: on_ready() is to be called when the socket can be written, too.
  bool wants_writable() const { return wants_writable_; }

  /// The socket can be read or written, or is broken.
  void on_ready(bool readable);
  void on_hangup() { leave(); }
  void on_tick(TimePoint now);
  /// No more requests after the running one; event streams end now.
  void close_soon();
  /// Answers a connection too many, before the socket is watched.
  void turn_away();
  void leave();
  /// The pool had no room for the request.
  void turned_down();

 private:
  void pump();
  bool read_input(TimePoint now);
  void discard_input();
  void dispatch(Incoming incoming);
  void on_answer(Answer answer);
  void pull_body();
  void on_piece(const std::string& piece, BodyStream::Step step);
  void start_events(std::unique_ptr<AsyncStream> events);
  void take_events(TimePoint now);
  void write_output(TimePoint now);
  void watch_writes();
  void go_on_later();
  void finish(TimePoint now);
  void drop_stream();

  const int fd_;
  ClientOwner& owner_;
  const std::shared_ptr<Service> service_;
  const std::shared_ptr<Mailbox> mailbox_;
  Connection connection_;
  AnswerFrame frame_;  ///< of the request that is with the pool
  std::string peer_address_;
  bool peer_is_loopback_ = false;
  std::shared_ptr<BodyStream> stream_;  ///< shared with the job that pulls it
  std::unique_ptr<AsyncStream> events_;
  std::shared_ptr<std::atomic<bool>> woken_;  ///< by events_; shared with its wake
  bool pulling_ = false;
  bool readable_ = false;  ///< the socket may have more
  bool wants_writable_ = false;
  bool lingering_ = false;  ///< our half is closed; what comes is thrown away
  bool gone_ = false;
  std::size_t discarded_ = 0;
  TimePoint linger_until_{};
  TimePoint body_at_{};  ///< an event was last sent
};

}  // namespace wm::server
